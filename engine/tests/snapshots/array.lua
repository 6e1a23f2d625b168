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
    jump block1(v21, v20, v12, v21)
---- optimised CLIF
function u0:0(i64, i64, i64) -> i64 system_v {

block0(v0: i64, v1: i64, v2: i64):
    jump block1

block1:
    v8 = load.i64 notrap aligned v1
    v9 = load.i32 notrap aligned v1+8
    v10 = iconst.i32 69
    v11 = icmp ne v9, v10  ; v10 = 69
    brif v11, block3, block4

block4:
    v13 = load.i64 notrap aligned v1+16
    v14 = load.i32 notrap aligned v1+24
    v15 = iconst.i32 3
    v16 = icmp ne v14, v15  ; v15 = 3
    brif v16, block3, block5

block5:
    v18 = load.i64 notrap aligned v1+32
    v19 = load.i32 notrap aligned v1+40
    v76 = iconst.i32 3
    v77 = icmp ne v19, v76  ; v76 = 3
    brif v77, block3, block6

block6:
    v23 = load.i64 notrap aligned v1+48
    v24 = load.i32 notrap aligned v1+56
    v78 = iconst.i32 3
    v79 = icmp ne v24, v78  ; v78 = 3
    brif v79, block3, block7

block7:
    v28 = load.i64 notrap aligned v1+64
    v29 = load.i32 notrap aligned v1+72
    v80 = iconst.i32 3
    v81 = icmp ne v29, v80  ; v80 = 3
    brif v81, block3, block8

block8:
    v36 = iconst.i64 -1
    v42 = iconst.i64 3
    v47 = iconst.i64 0
    v51 = iconst.i64 1
    jump block2(v13, v18, v28)

block3 cold:
    v96 = iconst.i64 0
    return v96  ; v96 = 0

block2(v3: i64, v4: i64, v6: i64):
    v33 = load.i8 notrap aligned v2
    brif v33, block9, block10

block10:
    v38 = load.i32 notrap aligned v8+24
    v82 = iconst.i64 -1
    v83 = iadd.i64 v6, v82  ; v82 = -1
    v39 = uextend.i64 v38
    v40 = icmp uge v83, v39
    brif v40, block11, block12

block12:
    v41 = load.i64 notrap aligned v8+16
    v46 = load.i64 notrap aligned v8+40
    brif v46, block11, block13

block13:
    v84 = iconst.i64 3
    v85 = ishl.i64 v83, v84  ; v84 = 3
    v44 = iadd.i64 v41, v85
    store.i64 notrap aligned v6, v44
    v86 = iconst.i32 3
    v45 = isub.i64 v41, v83
    istore8 notrap aligned v86, v45-1  ; v86 = 3
    v87 = iconst.i64 0
    v88 = icmp.i64 eq v4, v87  ; v87 = 0
    brif v88, block14, block15

block15:
    v54 = iadd.i64 v3, v23
    v89 = iconst.i64 1
    v90 = isub.i64 v4, v89  ; v89 = 1
    jump block2(v54, v90, v54)

block9 cold:
    store.i64 notrap aligned v3, v1+16
    v94 = iconst.i32 3
    store notrap aligned v94, v1+24  ; v94 = 3
    store.i64 notrap aligned v4, v1+32
    store notrap aligned v94, v1+40  ; v94 = 3
    store.i64 notrap aligned v23, v1+48
    store notrap aligned v94, v1+56  ; v94 = 3
    store.i64 notrap aligned v6, v1+64
    store notrap aligned v94, v1+72  ; v94 = 3
    v95 = iconst.i64 1
    return v95  ; v95 = 1

block11 cold:
    store.i64 notrap aligned v3, v1+16
    v93 = iconst.i32 3
    store notrap aligned v93, v1+24  ; v93 = 3
    store.i64 notrap aligned v4, v1+32
    store notrap aligned v93, v1+40  ; v93 = 3
    store.i64 notrap aligned v23, v1+48
    store notrap aligned v93, v1+56  ; v93 = 3
    store.i64 notrap aligned v6, v1+64
    store notrap aligned v93, v1+72  ; v93 = 3
    v66 = iconst.i64 2
    return v66  ; v66 = 2

block14 cold:
    store.i64 notrap aligned v3, v1+16
    v91 = iconst.i32 3
    store notrap aligned v91, v1+24  ; v91 = 3
    store.i64 notrap aligned v4, v1+32
    store notrap aligned v91, v1+40  ; v91 = 3
    store.i64 notrap aligned v23, v1+48
    store notrap aligned v91, v1+56  ; v91 = 3
    store.i64 notrap aligned v6, v1+64
    store notrap aligned v91, v1+72  ; v91 = 3
    v92 = iconst.i64 3
    return v92  ; v92 = 3
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
    jump block1(v24, v23, v12, v24)
---- optimised CLIF
function u0:0(i64, i64, i64) -> i64 system_v {

block0(v0: i64, v1: i64, v2: i64):
    jump block1

block1:
    v8 = load.i64 notrap aligned v1
    v9 = load.i32 notrap aligned v1+8
    v10 = iconst.i32 69
    v11 = icmp ne v9, v10  ; v10 = 69
    brif v11, block3, block4

block4:
    v13 = load.i64 notrap aligned v1+16
    v14 = load.i32 notrap aligned v1+24
    v15 = iconst.i32 3
    v16 = icmp ne v14, v15  ; v15 = 3
    brif v16, block3, block5

block5:
    v18 = load.i64 notrap aligned v1+32
    v19 = load.i32 notrap aligned v1+40
    v107 = iconst.i32 3
    v108 = icmp ne v19, v107  ; v107 = 3
    brif v108, block3, block6

block6:
    v23 = load.i64 notrap aligned v1+48
    v24 = load.i32 notrap aligned v1+56
    v109 = iconst.i32 3
    v110 = icmp ne v24, v109  ; v109 = 3
    brif v110, block3, block7

block7:
    v28 = load.i64 notrap aligned v1+64
    v29 = load.i32 notrap aligned v1+72
    v111 = iconst.i32 3
    v112 = icmp ne v29, v111  ; v111 = 3
    brif v112, block3, block8

block8:
    v36 = iconst.i64 -1
    v42 = iconst.i64 3
    v64 = iconst.i64 0
    v103 = iconst.i64 1
    jump block2(v13, v18, v28)

block3 cold:
    v131 = iconst.i64 0
    return v131  ; v131 = 0

block2(v3: i64, v4: i64, v6: i64):
    v33 = load.i8 notrap aligned v2
    brif v33, block9, block10

block10:
    v38 = load.i32 notrap aligned v8+24
    v113 = iconst.i64 -1
    v114 = iadd.i64 v6, v113  ; v113 = -1
    v39 = uextend.i64 v38
    v40 = icmp uge v114, v39
    brif v40, block11, block12

block12:
    v41 = load.i64 notrap aligned v8+16
    v45 = isub v41, v114
    v46 = load.i8 notrap aligned v45-1
    v115 = iconst.i64 3
    v116 = ishl.i64 v114, v115  ; v115 = 3
    v44 = iadd v41, v116
    v48 = load.i64 notrap aligned v44
    v47 = uextend.i32 v46
    v117 = iconst.i32 3
    v118 = icmp ne v47, v117  ; v117 = 3
    brif v118, block11, block13

block13:
    v55 = load.i32 notrap aligned v8+24
    v56 = uextend.i64 v55
    v57 = icmp.i64 uge v114, v56
    brif v57, block14, block15

block15:
    v58 = load.i64 notrap aligned v8+16
    v63 = load.i64 notrap aligned v8+40
    brif v63, block14, block16

block16:
    v102 = iadd.i64 v48, v48
    v61 = iadd.i64 v58, v116
    store notrap aligned v102, v61
    v119 = iconst.i32 3
    v62 = isub.i64 v58, v114
    istore8 notrap aligned v119, v62-1  ; v119 = 3
    v120 = iconst.i64 0
    v121 = icmp.i64 eq v4, v120  ; v120 = 0
    brif v121, block17, block18

block18:
    v71 = iadd.i64 v3, v23
    v122 = iconst.i64 1
    v123 = isub.i64 v4, v122  ; v122 = 1
    jump block2(v71, v123, v71)

block9 cold:
    store.i64 notrap aligned v3, v1+16
    v129 = iconst.i32 3
    store notrap aligned v129, v1+24  ; v129 = 3
    store.i64 notrap aligned v4, v1+32
    store notrap aligned v129, v1+40  ; v129 = 3
    store.i64 notrap aligned v23, v1+48
    store notrap aligned v129, v1+56  ; v129 = 3
    store.i64 notrap aligned v6, v1+64
    store notrap aligned v129, v1+72  ; v129 = 3
    v130 = iconst.i64 1
    return v130  ; v130 = 1

block11 cold:
    store.i64 notrap aligned v3, v1+16
    v128 = iconst.i32 3
    store notrap aligned v128, v1+24  ; v128 = 3
    store.i64 notrap aligned v4, v1+32
    store notrap aligned v128, v1+40  ; v128 = 3
    store.i64 notrap aligned v23, v1+48
    store notrap aligned v128, v1+56  ; v128 = 3
    store.i64 notrap aligned v6, v1+64
    store notrap aligned v128, v1+72  ; v128 = 3
    v51 = iconst.i64 2
    return v51  ; v51 = 2

block14 cold:
    store.i64 notrap aligned v3, v1+16
    v125 = iconst.i32 3
    store notrap aligned v125, v1+24  ; v125 = 3
    store.i64 notrap aligned v4, v1+32
    store notrap aligned v125, v1+40  ; v125 = 3
    store.i64 notrap aligned v23, v1+48
    store notrap aligned v125, v1+56  ; v125 = 3
    store.i64 notrap aligned v6, v1+64
    store notrap aligned v125, v1+72  ; v125 = 3
    v126 = iadd.i64 v48, v48
    store notrap aligned v126, v1+80
    store notrap aligned v125, v1+88  ; v125 = 3
    v127 = iconst.i64 3
    return v127  ; v127 = 3

block17 cold:
    store.i64 notrap aligned v3, v1+16
    v124 = iconst.i32 3
    store notrap aligned v124, v1+24  ; v124 = 3
    store.i64 notrap aligned v4, v1+32
    store notrap aligned v124, v1+40  ; v124 = 3
    store.i64 notrap aligned v23, v1+48
    store notrap aligned v124, v1+56  ; v124 = 3
    store.i64 notrap aligned v6, v1+64
    store notrap aligned v124, v1+72  ; v124 = 3
    store.i64 notrap aligned v102, v1+80
    store notrap aligned v124, v1+88  ; v124 = 3
    v97 = iconst.i64 4
    return v97  ; v97 = 4
}
]==]
