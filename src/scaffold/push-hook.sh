#!/bin/sh
# 推送前核验要推送的提交。由 zxzz setup 写入，zxzz setup --uninstall 删去。
zxzz={program}
[ -x "$zxzz" ] || zxzz=zxzz
[ "$1" = zxzz-doctor ] && exec "$zxzz" --version
status=0
while read -r here new there old; do
  case $new in *[!0]*) ;; *) continue ;; esac
  # 从来没有过工作区的分支不用核验。
  [ -n "$(git rev-list -1 "$new" -- {workspace}/zxzz.toml)" ] || continue
  case $old in *[!0]*) range=$old..$new ;; *) range=$new ;; esac
  "$zxzz" -C {workspace} audit "$range" </dev/null || { echo "zxzz：$here 没有推送到 $there" >&2; status=1; }
done
exit $status
