#!/bin/sh
# make.sh DIR: a Chromium whose software WebGPU adapter is Mesa's llvmpipe: some ten times faster than SwiftShader, and
# with shader-f16. For full-size runs by hand: `CHROMIUM=DIR/chromium.sh npm run test:full`.
# Debian 12 with its chromium, libllvm15, libvulkan1 and gcc; nothing is installed, Mesa's backport is unpacked into DIR.
set -eu
dir=$(mkdir -p "$1" && cd "$1" && pwd)
here=$(cd "$(dirname "$0")" && pwd)
lib=$dir/usr/lib/x86_64-linux-gnu

mkdir -p "$dir/apt/lists" "$dir/apt/cache"
cat > "$dir/apt/list.sources" <<SOURCES
Types: deb
URIs: http://deb.debian.org/debian
Suites: bookworm-backports
Components: main
Signed-By: /usr/share/keyrings/debian-archive-keyring.gpg
SOURCES
apt() {
  apt-get -q -o Dir::Etc::sourcelist="$dir/apt/list.sources" -o Dir::Etc::sourceparts=/dev/null \
    -o Dir::State::lists="$dir/apt/lists" -o Dir::Cache="$dir/apt/cache" "$@"
}
apt update
(cd "$dir/apt" && apt download mesa-vulkan-drivers libdrm2 libdrm-amdgpu1)
for package in "$dir"/apt/*.deb; do dpkg -x "$package" "$dir"; done
rm -r "$dir/apt"

# Chromium looks for SwiftShader beside its own binary.
mkdir -p "$dir/chromium"
cp -a --reflink=auto /usr/lib/chromium/. "$dir/chromium"
gcc -O2 -shared -fPIC -o "$dir/chromium/libvk_swiftshader.so" "$here/in-swiftshaders-place.c" -ldl
sed "s#\"library_path\":.*#\"library_path\": \"$lib/libvulkan_lvp.so\"#" \
  "$dir"/usr/share/vulkan/icd.d/lvp_icd*.json > "$dir/llvmpipe.json"
cat > "$dir/chromium.sh" <<RUN
#!/bin/sh
export LLVMPIPE_LIB=$lib/libvulkan_lvp.so LD_LIBRARY_PATH=$lib
# Chromium's own drawing takes the driver as what it is.
export VK_DRIVER_FILES=$dir/llvmpipe.json VK_ICD_FILENAMES=$dir/llvmpipe.json
exec $dir/chromium/chromium "\$@" --use-angle=vulkan --ignore-gpu-blocklist --disable-gpu-sandbox
RUN
chmod +x "$dir/chromium.sh"
