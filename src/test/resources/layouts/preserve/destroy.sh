# ---- from the layout ----
begin destroy
need partx sgdisk wipefs
disk d1 archive /dev/vdc SERIAL-vdc '' 68719476736
disk d2 main /dev/vdb SERIAL-vdb '' 68719476736
finish
