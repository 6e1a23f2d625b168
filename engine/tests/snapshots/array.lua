-- HIR, optimised CLIF
-- Array elements are read and written.
local t = {}
for i = 1, 20 do t[i] = i end
for i = 1, #t do
  t[i] = t[i] * 2
end
assert(t[20] == 40)
--[==[ what it is compiled to
---- HIR
block0():    ; pc 7
    v0: Any = load r0
    v1: Table = guard v0    -> guard_type pc 7 []
    v2: Any = load r1
    v3: Int = guard v2    -> guard_type pc 7 []
    v4: Any = load r2
    v5: Int = guard v4    -> guard_type pc 7 []
    v6: Any = load r3
    v7: Int = guard v6    -> guard_type pc 7 []
    v8: Any = load r4
    v9: Int = guard v8    -> guard_type pc 7 []
    jump block1(v3, v5, v7, v9)
block1(v10: Int, v11: Int, v12: Int, v13: Int):    ; pc 7, loop
    v14: None = poll    -> interrupt pc 7 [r1=v10 r2=v11 r3=v12 r4=v13]
    v15: None = array_set v1 v13 v13    -> guard_array pc 7 [r1=v10 r2=v11 r3=v12 r4=v13]
    v16: Int = int 0
    v17: Int = int 1
    v18: Bool = eq v11 v16
    v19: None = exit_if v18 == true    -> loop_end pc 9 [r1=v10 r2=v11 r3=v12 r4=v13]
    v20: Int = sub v11 v17
    v21: Int = add v10 v12
    jump block2()
block2():    ; pc 8
    jump block1(v21, v20, v12, v21)
---- optimised CLIF
function u0:0(i64, i64) -> i64 system_v {

block0(v0: i64, v1: i64):
    jump block1

block1:
    v7 = load.i64 notrap aligned v1
    v8 = load.i32 notrap aligned v1+8
    v9 = iconst.i32 69
    v10 = icmp ne v8, v9  ; v9 = 69
    brif v10, block4, block5

block5:
    v12 = load.i64 notrap aligned v1+16
    v13 = load.i32 notrap aligned v1+24
    v14 = iconst.i32 3
    v15 = icmp ne v13, v14  ; v14 = 3
    brif v15, block4, block6

block6:
    v17 = load.i64 notrap aligned v1+32
    v18 = load.i32 notrap aligned v1+40
    v75 = iconst.i32 3
    v76 = icmp ne v18, v75  ; v75 = 3
    brif v76, block4, block7

block7:
    v22 = load.i64 notrap aligned v1+48
    v23 = load.i32 notrap aligned v1+56
    v77 = iconst.i32 3
    v78 = icmp ne v23, v77  ; v77 = 3
    brif v78, block4, block8

block8:
    v27 = load.i64 notrap aligned v1+64
    v28 = load.i32 notrap aligned v1+72
    v79 = iconst.i32 3
    v80 = icmp ne v28, v79  ; v79 = 3
    brif v80, block4, block9

block9:
    v35 = iconst.i64 -1
    v41 = iconst.i64 3
    v46 = iconst.i64 0
    v50 = iconst.i64 1
    jump block2(v12, v17, v27)

block4 cold:
    v95 = iconst.i64 0
    return v95  ; v95 = 0

block2(v2: i64, v3: i64, v5: i64):
    v32 = load.i8 notrap aligned v0+125
    brif v32, block10, block11

block11:
    v37 = load.i32 notrap aligned v7+24
    v81 = iconst.i64 -1
    v82 = iadd.i64 v5, v81  ; v81 = -1
    v38 = uextend.i64 v37
    v39 = icmp uge v82, v38
    brif v39, block12, block13

block13:
    v40 = load.i64 notrap aligned v7+16
    v45 = load.i64 notrap aligned v7+40
    brif v45, block12, block14

block14:
    v83 = iconst.i64 3
    v84 = ishl.i64 v82, v83  ; v83 = 3
    v43 = iadd.i64 v40, v84
    store.i64 notrap aligned v5, v43
    v85 = iconst.i32 3
    v44 = isub.i64 v40, v82
    istore8 notrap aligned v85, v44-1  ; v85 = 3
    v86 = iconst.i64 0
    v87 = icmp.i64 eq v3, v86  ; v86 = 0
    brif v87, block15, block16

block16:
    jump block3

block10 cold:
    store.i64 notrap aligned v2, v1+16
    v93 = iconst.i32 3
    store notrap aligned v93, v1+24  ; v93 = 3
    store.i64 notrap aligned v3, v1+32
    store notrap aligned v93, v1+40  ; v93 = 3
    store.i64 notrap aligned v22, v1+48
    store notrap aligned v93, v1+56  ; v93 = 3
    store.i64 notrap aligned v5, v1+64
    store notrap aligned v93, v1+72  ; v93 = 3
    v94 = iconst.i64 1
    return v94  ; v94 = 1

block12 cold:
    store.i64 notrap aligned v2, v1+16
    v92 = iconst.i32 3
    store notrap aligned v92, v1+24  ; v92 = 3
    store.i64 notrap aligned v3, v1+32
    store notrap aligned v92, v1+40  ; v92 = 3
    store.i64 notrap aligned v22, v1+48
    store notrap aligned v92, v1+56  ; v92 = 3
    store.i64 notrap aligned v5, v1+64
    store notrap aligned v92, v1+72  ; v92 = 3
    v65 = iconst.i64 2
    return v65  ; v65 = 2

block15 cold:
    store.i64 notrap aligned v2, v1+16
    v90 = iconst.i32 3
    store notrap aligned v90, v1+24  ; v90 = 3
    store.i64 notrap aligned v3, v1+32
    store notrap aligned v90, v1+40  ; v90 = 3
    store.i64 notrap aligned v22, v1+48
    store notrap aligned v90, v1+56  ; v90 = 3
    store.i64 notrap aligned v5, v1+64
    store notrap aligned v90, v1+72  ; v90 = 3
    v91 = iconst.i64 3
    return v91  ; v91 = 3

block3:
    v53 = iadd.i64 v2, v22
    v88 = iconst.i64 1
    v89 = isub.i64 v3, v88  ; v88 = 1
    jump block2(v53, v89, v53)
}
---- HIR
block0():    ; pc 13
    v0: Any = load r0
    v1: Table = guard v0    -> guard_type pc 13 []
    v2: Any = load r1
    v3: Int = guard v2    -> guard_type pc 13 []
    v4: Any = load r2
    v5: Int = guard v4    -> guard_type pc 13 []
    v6: Any = load r3
    v7: Int = guard v6    -> guard_type pc 13 []
    v8: Any = load r4
    v9: Int = guard v8    -> guard_type pc 13 []
    jump block1(v3, v5, v7, v9)
block1(v10: Int, v11: Int, v12: Int, v13: Int):    ; pc 13, loop
    v14: None = poll    -> interrupt pc 13 [r1=v10 r2=v11 r3=v12 r4=v13]
    v15: Int = array_get v1 v13    -> guard_array pc 13 [r1=v10 r2=v11 r3=v12 r4=v13]
    v16: Int = int 2
    v17: Int = mul v15 v16
    v18: None = array_set v1 v13 v17    -> guard_array pc 16 [r1=v10 r2=v11 r3=v12 r4=v13 r5=v17]
    v19: Int = int 0
    v20: Int = int 1
    v21: Bool = eq v11 v19
    v22: None = exit_if v21 == true    -> loop_end pc 18 [r1=v10 r2=v11 r3=v12 r4=v13 r5=v17]
    v23: Int = sub v11 v20
    v24: Int = add v10 v12
    jump block2()
block2():    ; pc 17
    jump block1(v24, v23, v12, v24)
---- optimised CLIF
function u0:0(i64, i64) -> i64 system_v {

block0(v0: i64, v1: i64):
    jump block1

block1:
    v7 = load.i64 notrap aligned v1
    v8 = load.i32 notrap aligned v1+8
    v9 = iconst.i32 69
    v10 = icmp ne v8, v9  ; v9 = 69
    brif v10, block4, block5

block5:
    v12 = load.i64 notrap aligned v1+16
    v13 = load.i32 notrap aligned v1+24
    v14 = iconst.i32 3
    v15 = icmp ne v13, v14  ; v14 = 3
    brif v15, block4, block6

block6:
    v17 = load.i64 notrap aligned v1+32
    v18 = load.i32 notrap aligned v1+40
    v111 = iconst.i32 3
    v112 = icmp ne v18, v111  ; v111 = 3
    brif v112, block4, block7

block7:
    v22 = load.i64 notrap aligned v1+48
    v23 = load.i32 notrap aligned v1+56
    v113 = iconst.i32 3
    v114 = icmp ne v23, v113  ; v113 = 3
    brif v114, block4, block8

block8:
    v27 = load.i64 notrap aligned v1+64
    v28 = load.i32 notrap aligned v1+72
    v115 = iconst.i32 3
    v116 = icmp ne v28, v115  ; v115 = 3
    brif v116, block4, block9

block9:
    v35 = iconst.i64 -1
    v41 = iconst.i64 3
    v63 = iconst.i64 0
    v107 = iconst.i64 1
    jump block2(v12, v17, v27)

block4 cold:
    v136 = iconst.i64 0
    return v136  ; v136 = 0

block2(v2: i64, v3: i64, v5: i64):
    v32 = load.i8 notrap aligned v0+125
    brif v32, block10, block11

block11:
    v37 = load.i32 notrap aligned v7+24
    v117 = iconst.i64 -1
    v118 = iadd.i64 v5, v117  ; v117 = -1
    v38 = uextend.i64 v37
    v39 = icmp uge v118, v38
    brif v39, block12, block13

block13:
    v40 = load.i64 notrap aligned v7+16
    v44 = isub v40, v118
    v45 = load.i8 notrap aligned v44-1
    v119 = iconst.i64 3
    v120 = ishl.i64 v118, v119  ; v119 = 3
    v43 = iadd v40, v120
    v47 = load.i64 notrap aligned v43
    v46 = uextend.i32 v45
    v121 = iconst.i32 3
    v122 = icmp ne v46, v121  ; v121 = 3
    brif v122, block14, block15

block15:
    v54 = load.i32 notrap aligned v7+24
    v55 = uextend.i64 v54
    v56 = icmp.i64 uge v118, v55
    brif v56, block16, block17

block17:
    v57 = load.i64 notrap aligned v7+16
    v62 = load.i64 notrap aligned v7+40
    brif v62, block16, block18

block18:
    v106 = iadd.i64 v47, v47
    v60 = iadd.i64 v57, v120
    store notrap aligned v106, v60
    v123 = iconst.i32 3
    v61 = isub.i64 v57, v118
    istore8 notrap aligned v123, v61-1  ; v123 = 3
    v124 = iconst.i64 0
    v125 = icmp.i64 eq v3, v124  ; v124 = 0
    brif v125, block19, block20

block20:
    jump block3

block10 cold:
    store.i64 notrap aligned v2, v1+16
    v134 = iconst.i32 3
    store notrap aligned v134, v1+24  ; v134 = 3
    store.i64 notrap aligned v3, v1+32
    store notrap aligned v134, v1+40  ; v134 = 3
    store.i64 notrap aligned v22, v1+48
    store notrap aligned v134, v1+56  ; v134 = 3
    store.i64 notrap aligned v5, v1+64
    store notrap aligned v134, v1+72  ; v134 = 3
    v135 = iconst.i64 1
    return v135  ; v135 = 1

block12 cold:
    store.i64 notrap aligned v2, v1+16
    v133 = iconst.i32 3
    store notrap aligned v133, v1+24  ; v133 = 3
    store.i64 notrap aligned v3, v1+32
    store notrap aligned v133, v1+40  ; v133 = 3
    store.i64 notrap aligned v22, v1+48
    store notrap aligned v133, v1+56  ; v133 = 3
    store.i64 notrap aligned v5, v1+64
    store notrap aligned v133, v1+72  ; v133 = 3
    v50 = iconst.i64 2
    return v50  ; v50 = 2

block14 cold:
    store.i64 notrap aligned v2, v1+16
    v131 = iconst.i32 3
    store notrap aligned v131, v1+24  ; v131 = 3
    store.i64 notrap aligned v3, v1+32
    store notrap aligned v131, v1+40  ; v131 = 3
    store.i64 notrap aligned v22, v1+48
    store notrap aligned v131, v1+56  ; v131 = 3
    store.i64 notrap aligned v5, v1+64
    store notrap aligned v131, v1+72  ; v131 = 3
    v132 = iconst.i64 3
    return v132  ; v132 = 3

block16 cold:
    store.i64 notrap aligned v2, v1+16
    v129 = iconst.i32 3
    store notrap aligned v129, v1+24  ; v129 = 3
    store.i64 notrap aligned v3, v1+32
    store notrap aligned v129, v1+40  ; v129 = 3
    store.i64 notrap aligned v22, v1+48
    store notrap aligned v129, v1+56  ; v129 = 3
    store.i64 notrap aligned v5, v1+64
    store notrap aligned v129, v1+72  ; v129 = 3
    v130 = iadd.i64 v47, v47
    store notrap aligned v130, v1+80
    store notrap aligned v129, v1+88  ; v129 = 3
    v95 = iconst.i64 4
    return v95  ; v95 = 4

block19 cold:
    store.i64 notrap aligned v2, v1+16
    v128 = iconst.i32 3
    store notrap aligned v128, v1+24  ; v128 = 3
    store.i64 notrap aligned v3, v1+32
    store notrap aligned v128, v1+40  ; v128 = 3
    store.i64 notrap aligned v22, v1+48
    store notrap aligned v128, v1+56  ; v128 = 3
    store.i64 notrap aligned v5, v1+64
    store notrap aligned v128, v1+72  ; v128 = 3
    store.i64 notrap aligned v106, v1+80
    store notrap aligned v128, v1+88  ; v128 = 3
    v102 = iconst.i64 5
    return v102  ; v102 = 5

block3:
    v70 = iadd.i64 v2, v22
    v126 = iconst.i64 1
    v127 = isub.i64 v3, v126  ; v126 = 1
    jump block2(v70, v127, v70)
}
]==]
