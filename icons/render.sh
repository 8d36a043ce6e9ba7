#!/usr/bin/env bash
# Renders every PNG from the SVG sources, and packs icon.ico and icon.icns from the PNGs.
# Needs rsvg-convert (librsvg2-bin) and python3. Its results are committed; run it after a change.
set -euo pipefail
cd "$(dirname "$0")"

render() { # SOURCE SIZE OUT
  rsvg-convert --width "$2" --height "$2" "$1" --output "$3"
}

for size in 16 24 32; do render icon-small.svg $size "${size}x${size}.png"; done
for size in 48 64 128 256 512 1024; do render icon.svg $size "${size}x${size}.png"; done
cp 256x256.png "128x128@2x.png"
cp 512x512.png icon.png

# Windows store tiles.
render icon-small.svg 30 Square30x30Logo.png
for size in 44 71 89 107 142 150 284 310; do render icon.svg $size "Square${size}x${size}Logo.png"; done
render icon.svg 50 StoreLogo.png

# The tray: black templates, and the same in paper for dark panels that know no templates.
for state in none calm attention; do
  render tray-$state.svg 32 tray-$state.png
  render tray-$state.svg 64 tray-$state@2x.png
  sed 's/#000/#faf9f6/g' tray-$state.svg | rsvg-convert --width 32 --height 32 --output tray-$state-on-dark.png
  sed 's/#000/#faf9f6/g' tray-$state.svg | rsvg-convert --width 64 --height 64 --output tray-$state-on-dark@2x.png
done

# Both containers hold whole PNG files behind a directory.
python3 - <<'PY'
import struct
from pathlib import Path

def png(size):
    return Path(f"{size}x{size}.png").read_bytes()

sizes = [16, 24, 32, 48, 64, 256]
images = [png(size) for size in sizes]
offset = 6 + 16 * len(sizes)
ico = struct.pack("<HHH", 0, 1, len(sizes))
for size, image in zip(sizes, images):
    side = size % 256  # 256 is written as 0.
    ico += struct.pack("<BBBBHHII", side, side, 0, 0, 1, 32, len(image), offset)
    offset += len(image)
Path("icon.ico").write_bytes(ico + b"".join(images))

kinds = [(b"icp4", 16), (b"icp5", 32), (b"icp6", 64), (b"ic07", 128), (b"ic08", 256), (b"ic09", 512),
         (b"ic10", 1024), (b"ic11", 32), (b"ic12", 64), (b"ic13", 256), (b"ic14", 512)]
chunks = b"".join(kind + struct.pack(">I", 8 + len(png(size))) + png(size) for kind, size in kinds)
Path("icon.icns").write_bytes(b"icns" + struct.pack(">I", 8 + len(chunks)) + chunks)
PY
