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
    v1: Table = guard v0    -> guard_type pc 7 [] as guard_block
    v2: Any = load r1
    v3: Int = guard v2    -> guard_type pc 7 [] as guard_control
    v4: Any = load r2
    v5: Int = guard v4    -> guard_type pc 7 [] as guard_control
    v6: Any = load r3
    v7: Int = guard v6    -> guard_type pc 7 [] as guard_control
    v8: Any = load r4
    v9: Int = guard v8    -> guard_type pc 7 [] as guard_control
    jump block1()
block1():    ; pc 7
    v15: None = guard_plain v1    -> guard_array pc 7 [] as guard_hoisted
    v16: Raw = array_part v1
    v17: Int = array_size v1
    jump block2(v3, v5, v9)
block2(v10: Int, v11: Int, v13: Int):    ; pc 7, loop
    v14: None = poll    -> interrupt pc 7 [r1=v10 r2=v11 r3=v7 r4=v13]
    v18: None = array_set v1 v13 v13    -> guard_array pc 7 [r1=v10 r2=v11 r3=v7 r4=v13]
    v19: Int = int 0
    v20: Int = int 1
    v21: Bool = eq v11 v19
    v22: None = exit_if v21 == true    -> loop_end pc 9 [r1=v10 r2=v11 r3=v7 r4=v13]
    v23: Int = sub v11 v20
    v24: Int = add v10 v7
    jump block3()
block3():    ; pc 8
    jump block2(v24, v23, v24)
---- optimised CLIF
function u0:0(i64, i64) -> i64 system_v {

block0(v0: i64, v1: i64):
    jump block1

block1:
    v6 = load.i64 notrap aligned v1
    v7 = load.i32 notrap aligned v1+8
    v8 = iconst.i32 69
    v9 = icmp ne v7, v8  ; v8 = 69
    brif v9, block5, block6

block6:
    v11 = load.i64 notrap aligned v1+16
    v12 = load.i32 notrap aligned v1+24
    v13 = iconst.i32 3
    v14 = icmp ne v12, v13  ; v13 = 3
    brif v14, block7, block8

block8:
    v16 = load.i64 notrap aligned v1+32
    v17 = load.i32 notrap aligned v1+40
    v74 = iconst.i32 3
    v75 = icmp ne v17, v74  ; v74 = 3
    brif v75, block7, block9

block9:
    v21 = load.i64 notrap aligned v1+48
    v22 = load.i32 notrap aligned v1+56
    v76 = iconst.i32 3
    v77 = icmp ne v22, v76  ; v76 = 3
    brif v77, block7, block10

block10:
    v26 = load.i64 notrap aligned v1+64
    v27 = load.i32 notrap aligned v1+72
    v78 = iconst.i32 3
    v79 = icmp ne v27, v78  ; v78 = 3
    brif v79, block7, block11

block11:
    jump block2

block5 cold:
    v92 = iconst.i64 0
    jump block12(v92)  ; v92 = 0

block12(v31: i64) cold:
    return v31

block7 cold:
    v91 = iconst.i64 1
    jump block12(v91)  ; v91 = 1

block2:
    v34 = load.i64 notrap aligned v6+40
    brif v34, block13, block14

block14:
    v37 = load.i64 notrap aligned v6+16
    v38 = load.i32 notrap aligned v6+24
    v42 = iconst.i64 125
    v43 = iadd.i64 v0, v42  ; v42 = 125
    v47 = iconst.i64 -1
    v39 = uextend.i64 v38
    v50 = iconst.i64 3
    v35 = iconst.i64 0
    v59 = iconst.i64 1
    jump block3(v11, v16, v26)

block13 cold:
    v40 = iconst.i64 2
    return v40  ; v40 = 2

block3(v2: i64, v3: i64, v4: i64):
    v80 = iadd.i64 v0, v42  ; v42 = 125
    v44 = atomic_load.i8 notrap aligned v80
    brif v44, block15, block16

block16:
    v81 = iconst.i64 -1
    v82 = iadd.i64 v4, v81  ; v81 = -1
    v49 = icmp uge v82, v39
    brif v49, block17, block18

block18:
    v83 = iconst.i64 3
    v84 = ishl.i64 v82, v83  ; v83 = 3
    v52 = iadd.i64 v37, v84
    store.i64 notrap aligned v4, v52
    v85 = iconst.i32 3
    v72 = isub.i64 v37, v82
    istore8 notrap aligned v85, v72-1  ; v85 = 3
    v86 = iconst.i64 0
    v87 = icmp.i64 eq v3, v86  ; v86 = 0
    brif v87, block19, block20

block20:
    jump block4

block15 cold:
    v90 = iconst.i64 3
    jump block21(v90)  ; v90 = 3

block21(v64: i64) cold:
    store.i64 notrap aligned v2, v1+16
    store.i64 notrap aligned v3, v1+32
    store.i64 notrap aligned v21, v1+48
    store.i64 notrap aligned v4, v1+64
    return v64

block17 cold:
    v66 = iconst.i64 4
    jump block21(v66)  ; v66 = 4

block19 cold:
    store.i64 notrap aligned v2, v1+16
    store.i64 notrap aligned v3, v1+32
    store.i64 notrap aligned v21, v1+48
    store.i64 notrap aligned v4, v1+64
    v67 = iconst.i64 5
    return v67  ; v67 = 5

block4:
    v62 = iadd.i64 v2, v21
    v88 = iconst.i64 1
    v89 = isub.i64 v3, v88  ; v88 = 1
    jump block3(v62, v89, v62)
}
---- HIR
block0():    ; pc 13
    v0: Any = load r0
    v1: Table = guard v0    -> guard_type pc 13 [] as guard_block
    v2: Any = load r1
    v3: Int = guard v2    -> guard_type pc 13 [] as guard_control
    v4: Any = load r2
    v5: Int = guard v4    -> guard_type pc 13 [] as guard_control
    v6: Any = load r3
    v7: Int = guard v6    -> guard_type pc 13 [] as guard_control
    v8: Any = load r4
    v9: Int = guard v8    -> guard_type pc 13 [] as guard_control
    jump block1()
block1():    ; pc 13
    v15: Raw = array_part v1
    v16: Int = array_size v1
    v20: None = guard_plain v1    -> guard_array pc 13 [] as guard_hoisted
    jump block2(v3, v5, v9)
block2(v10: Int, v11: Int, v13: Int):    ; pc 13, loop
    v14: None = poll    -> interrupt pc 13 [r1=v10 r2=v11 r3=v7 r4=v13]
    v17: Int = array_get v1 v13    -> guard_array pc 13 [r1=v10 r2=v11 r3=v7 r4=v13]
    v18: Int = int 2
    v19: Int = mul v17 v18
    v23: None = array_set v1 v13 v19    -> guard_array pc 16 [r1=v10 r2=v11 r3=v7 r4=v13 r5=v19]
    v24: Int = int 0
    v25: Int = int 1
    v26: Bool = eq v11 v24
    v27: None = exit_if v26 == true    -> loop_end pc 18 [r1=v10 r2=v11 r3=v7 r4=v13 r5=v19]
    v28: Int = sub v11 v25
    v29: Int = add v10 v7
    jump block3()
block3():    ; pc 17
    jump block2(v29, v28, v29)
---- optimised CLIF
function u0:0(i64, i64) -> i64 system_v {

block0(v0: i64, v1: i64):
    jump block1

block1:
    v6 = load.i64 notrap aligned v1
    v7 = load.i32 notrap aligned v1+8
    v8 = iconst.i32 69
    v9 = icmp ne v7, v8  ; v8 = 69
    brif v9, block5, block6

block6:
    v11 = load.i64 notrap aligned v1+16
    v12 = load.i32 notrap aligned v1+24
    v13 = iconst.i32 3
    v14 = icmp ne v12, v13  ; v13 = 3
    brif v14, block7, block8

block8:
    v16 = load.i64 notrap aligned v1+32
    v17 = load.i32 notrap aligned v1+40
    v96 = iconst.i32 3
    v97 = icmp ne v17, v96  ; v96 = 3
    brif v97, block7, block9

block9:
    v21 = load.i64 notrap aligned v1+48
    v22 = load.i32 notrap aligned v1+56
    v98 = iconst.i32 3
    v99 = icmp ne v22, v98  ; v98 = 3
    brif v99, block7, block10

block10:
    v26 = load.i64 notrap aligned v1+64
    v27 = load.i32 notrap aligned v1+72
    v100 = iconst.i32 3
    v101 = icmp ne v27, v100  ; v100 = 3
    brif v101, block7, block11

block11:
    jump block2

block5 cold:
    v117 = iconst.i64 0
    jump block12(v117)  ; v117 = 0

block12(v31: i64) cold:
    return v31

block7 cold:
    v116 = iconst.i64 1
    jump block12(v116)  ; v116 = 1

block2:
    v34 = load.i64 notrap aligned v6+16
    v35 = load.i32 notrap aligned v6+24
    v37 = load.i64 notrap aligned v6+40
    brif v37, block13, block14

block14:
    v42 = iconst.i64 125
    v43 = iadd.i64 v0, v42  ; v42 = 125
    v47 = iconst.i64 -1
    v36 = uextend.i64 v35
    v50 = iconst.i64 3
    v57 = iconst.i8 3
    v38 = iconst.i64 0
    v92 = iconst.i64 1
    jump block3(v11, v16, v26)

block13 cold:
    v59 = iconst.i64 2
    return v59  ; v59 = 2

block3(v2: i64, v3: i64, v4: i64):
    v102 = iadd.i64 v0, v42  ; v42 = 125
    v44 = atomic_load.i8 notrap aligned v102
    brif v44, block15, block16

block16:
    v103 = iconst.i64 -1
    v104 = iadd.i64 v4, v103  ; v103 = -1
    v49 = icmp uge v104, v36
    brif v49, block17, block18

block18:
    v89 = isub.i64 v34, v104
    v55 = load.i8 notrap aligned v89-1
    v105 = iconst.i64 3
    v106 = ishl.i64 v104, v105  ; v105 = 3
    v52 = iadd.i64 v34, v106
    v56 = load.i64 notrap aligned v52
    v107 = iconst.i8 3
    v108 = icmp ne v55, v107  ; v107 = 3
    brif v108, block19, block20

block20:
    brif.i8 v49, block21, block22

block22:
    v91 = iadd.i64 v56, v56
    store notrap aligned v91, v52
    v109 = iconst.i32 3
    istore8 notrap aligned v109, v89-1  ; v109 = 3
    v110 = iconst.i64 0
    v111 = icmp.i64 eq v3, v110  ; v110 = 0
    brif v111, block23, block24

block24:
    jump block4

block15 cold:
    v115 = iconst.i64 3
    jump block25(v115)  ; v115 = 3

block25(v78: i64) cold:
    store.i64 notrap aligned v2, v1+16
    store.i64 notrap aligned v3, v1+32
    store.i64 notrap aligned v21, v1+48
    store.i64 notrap aligned v4, v1+64
    return v78

block17 cold:
    v80 = iconst.i64 4
    jump block25(v80)  ; v80 = 4

block19 cold:
    v81 = iconst.i64 5
    jump block25(v81)  ; v81 = 5

block21 cold:
    store.i64 notrap aligned v2, v1+16
    store.i64 notrap aligned v3, v1+32
    store.i64 notrap aligned v21, v1+48
    store.i64 notrap aligned v4, v1+64
    v114 = iadd.i64 v56, v56
    store notrap aligned v114, v1+80
    v82 = iconst.i64 6
    return v82  ; v82 = 6

block23 cold:
    store.i64 notrap aligned v2, v1+16
    store.i64 notrap aligned v3, v1+32
    store.i64 notrap aligned v21, v1+48
    store.i64 notrap aligned v4, v1+64
    store.i64 notrap aligned v91, v1+80
    v84 = iconst.i64 7
    return v84  ; v84 = 7

block4:
    v76 = iadd.i64 v2, v21
    v112 = iconst.i64 1
    v113 = isub.i64 v3, v112  ; v112 = 1
    jump block3(v76, v113, v76)
}
]==]
