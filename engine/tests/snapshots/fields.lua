-- HIR, optimised CLIF
-- Fields in the slots of a shape, of integers and floats.
local function point(x) return { x = x, y = 0.5 } end
for _ = 1, 3 do point(1) end
local p = point(1)
for i = 1, 20 do
  p.x = p.x + i
  p.y = p.y * 2.0
end
assert(p.x == 211)
--[==[ what it is compiled to
---- HIR
block0():    ; pc 0
    v0: Int = arg 0
    jump block1()
block1():    ; pc 0
    v1: None = store r0 v0
    v2: None = step 0..2    -> after_call pc 2 []
    v3: Any = load r1
    v4: Table = guard_result v3    -> guard_result pc 2 []
    v5: None = store_field v4 v0 1 cases    -> guard_shape pc 2 [] or step
    v6: Float = float 0.5
    v7: None = store_field v4 v6 1 cases    -> guard_shape pc 3 [] or step
    v8: Any = box v4
    return v8
---- optimised CLIF
function u0:0(i64, i64, i64) -> i64, i64 system_v {
    sig19 = (i64, i64, i64) -> i64, i64 system_v
    fn19 = colocated u0:21 sig19

block0(v0: i64, v1: i64, v2: i64):
    v4 = load.i64 notrap aligned v0+136
    v3 = get_stack_pointer.i64
    v5 = icmp ult v3, v4
    brif v5, block3, block4

block4:
    v9 = load.i64 notrap aligned v0+40
    v7 = iconst.i64 32
    v8 = iadd.i64 v1, v7  ; v7 = 32
    v10 = icmp ugt v8, v9
    brif v10, block3, block5

block5:
    jump block1

block1:
    jump block2

block2:
    store.i64 notrap aligned v2, v1
    v12 = iconst.i32 3
    store notrap aligned v12, v1+8  ; v12 = 3
    v15 = iconst.i64 0x7000_0000_0010
    v13 = iconst.i64 0x7000_0000_0000
    v16 = call %cranelua_step(v0, v1, v3, v15, v13)  ; v15 = 0x7000_0000_0010, v13 = 0x7000_0000_0000
    v17 = iconst.i64 16
    v18 = icmp ult v16, v17  ; v17 = 16
    brif v18, block6, block7

block6 cold:
    v145 = iconst.i64 4096
    return v16, v145  ; v145 = 4096

block7:
    v22 = iconst.i64 1
    v23 = band.i64 v16, v22  ; v22 = 1
    brif v23, block8, block9

block9:
    v20 = iconst.i64 -2
    v21 = band.i64 v16, v20  ; v20 = -2
    v27 = load.i64 notrap aligned v21+16
    v28 = load.i32 notrap aligned v21+24
    v29 = iconst.i32 69
    v30 = icmp ne v28, v29  ; v29 = 69
    brif v30, block10, block11

block11:
    v31 = load.i32 notrap aligned v27+4
    v32 = iconst.i32 1
    v33 = icmp ne v31, v32  ; v32 = 1
    brif v33, block12, block15

block15:
    v34 = load.i8 notrap aligned v27+2
    v35 = iconst.i8 0
    v116 = icmp eq v34, v35  ; v35 = 0
    brif v116, block12, block16

block16:
    v37 = iconst.i64 0x7000_0000_0020
    v38 = load.i32 notrap aligned v37  ; v37 = 0x7000_0000_0020
    v39 = iconst.i32 2
    v40 = icmp ne v38, v39  ; v39 = 2
    brif v40, block12, block17

block17:
    v41 = iconst.i32 7
    store notrap aligned v41, v27+4  ; v41 = 7
    v42 = load.i8 notrap aligned v27+1
    v43 = iconst.i8 1
    v44 = band v42, v43  ; v43 = 1
    brif v44, block18, block19

block18 cold:
    call %cranelua_log(v0, v27)
    jump block19

block19:
    store.i64 notrap aligned v2, v27+48
    v119 = iconst.i32 3
    istore8 notrap aligned v119, v27+8  ; v119 = 3
    jump block14

block14:
    v120 = band.i64 v16, v20  ; v20 = -2
    jump block13(v120)

block12 cold:
    v121 = band.i64 v16, v20  ; v20 = -2
    v122 = iconst.i64 0x7000_0000_0000
    v47 = iconst.i64 0x7000_0000_0030
    v50 = call %cranelua_recover(v0, v121, v3, v122, v47)  ; v122 = 0x7000_0000_0000, v47 = 0x7000_0000_0030
    v123 = iconst.i64 16
    v124 = icmp ult v50, v123  ; v123 = 16
    brif v124, block20, block21

block20 cold:
    v53 = iconst.i64 4096
    return v50, v53  ; v53 = 4096

block21:
    v125 = iconst.i64 1
    v126 = band.i64 v50, v125  ; v125 = 1
    brif v126, block22, block23

block23:
    v127 = iconst.i64 -2
    v128 = band.i64 v50, v127  ; v127 = -2
    jump block13(v128)

block13(v112: i64):
    v61 = load.i32 notrap aligned v27+4
    v131 = iconst.i32 7
    v63 = icmp ne v61, v131  ; v131 = 7
    brif v63, block24(v112), block27

block27:
    v64 = load.i8 notrap aligned v27+2
    v132 = iconst.i8 1
    v66 = icmp ule v64, v132  ; v132 = 1
    brif v66, block24(v112), block28

block28:
    v133 = iconst.i64 0x7000_0000_0020
    v68 = load.i32 notrap aligned v133  ; v133 = 0x7000_0000_0020
    v134 = iconst.i32 2
    v70 = icmp ne v68, v134  ; v134 = 2
    brif v70, block24(v112), block29

block29:
    v71 = iconst.i32 8
    store notrap aligned v71, v27+4  ; v71 = 8
    v72 = load.i8 notrap aligned v27+1
    v74 = band v72, v132  ; v132 = 1
    brif v74, block30, block31

block30 cold:
    call %cranelua_log(v0, v27)
    jump block31

block31:
    v60 = f64const 0x1.0000000000000p-1
    store notrap aligned v60, v27+56  ; v60 = 0x1.0000000000000p-1
    v75 = iconst.i32 19
    istore8 notrap aligned v75, v27+9  ; v75 = 19
    jump block26

block26:
    jump block25

block24(v76: i64) cold:
    v79 = iconst.i64 0x7000_0000_0050
    v77 = iconst.i64 0x7000_0000_0040
    v80 = call %cranelua_recover(v0, v76, v3, v79, v77)  ; v79 = 0x7000_0000_0050, v77 = 0x7000_0000_0040
    v135 = iconst.i64 16
    v136 = icmp ult v80, v135  ; v135 = 16
    brif v136, block32, block33

block32 cold:
    v141 = iconst.i64 4096
    return v80, v141  ; v141 = 4096

block33:
    v137 = iconst.i64 1
    v138 = band.i64 v80, v137  ; v137 = 1
    brif v138, block34, block35

block35:
    jump block25

block25:
    v118 = iconst.i64 69
    return v27, v118  ; v118 = 69

block8 cold:
    v142 = iconst.i64 1
    jump block36(v142)  ; v142 = 1

block36(v93: i64) cold:
    v143 = iconst.i64 -2
    v144 = band.i64 v16, v143  ; v143 = -2
    jump block37(v93, v144)

block10 cold:
    v96 = iconst.i64 2
    jump block36(v96)  ; v96 = 2

block22 cold:
    v97 = iconst.i64 4
    v129 = iconst.i64 -2
    v130 = band.i64 v50, v129  ; v129 = -2
    jump block37(v97, v130)  ; v97 = 4

block34 cold:
    v99 = iconst.i64 6
    v139 = iconst.i64 -2
    v140 = band.i64 v80, v139  ; v139 = -2
    jump block37(v99, v140)  ; v99 = 6

block3 cold:
    store.i64 notrap aligned v2, v1
    v146 = iconst.i32 3
    store notrap aligned v146, v1+8  ; v146 = 3
    v24 = iconst.i64 0
    jump block37(v24, v1)  ; v24 = 0

block37(v95: i64, v104: i64) cold:
    v147 = iconst.i64 0
    v107, v108 = call %cranelua_leave(v0, v104, v3, v147, v95)  ; v147 = 0
    return v107, v108
}
---- HIR
block0():    ; pc 6
    v0: Any = load r0
    v1: LuaFn = guard v0    -> guard_type pc 6 []
    v2: Any = load r1
    v3: Int = guard v2    -> guard_type pc 6 []
    v4: Any = load r2
    v5: Int = guard v4    -> guard_type pc 6 []
    v6: Any = load r3
    v7: Int = guard v6    -> guard_type pc 6 []
    jump block1()
block1():    ; pc 6
    v11: Any = load r4
    v12: Int = guard v11    -> guard_type pc 6 []
    v16: None = guard_callee v1 target 0    -> guard_callee pc 6 [] as guard_hoisted
    jump block2(v3, v5, v12)
block2(v8: Int, v9: Int, v13: Int):    ; pc 6, loop
    v14: None = poll    -> interrupt pc 6 [r1=v8 r2=v9 r3=v7 r4=v13]
    v15: Int = int 1
    v17: None = store r1 v8
    v18: None = store r2 v9
    v19: None = store r3 v7
    v20: None = store r4 v13
    v21: Any = call_native r5 v1 target 0 (v15) at pc 8    -> after_call pc 9 []
    v22: Int = int 0
    v23: Int = int 1
    v24: Bool = eq v9 v22
    v25: None = exit_if v24 == true    -> loop_end pc 10 []
    v26: Int = sub v9 v23
    v27: Int = add v8 v7
    jump block3()
block3():    ; pc 9
    jump block2(v27, v26, v27)
---- optimised CLIF
function u0:0(i64, i64) -> i64 system_v {
    sig19 = (i64, i64, i64) -> i64, i64 system_v

block0(v0: i64, v1: i64):
    jump block1

block1:
    v6 = load.i64 notrap aligned v1
    v7 = load.i32 notrap aligned v1+8
    v8 = iconst.i32 70
    v9 = icmp ne v7, v8  ; v8 = 70
    brif v9, block5, block6

block6:
    v11 = load.i64 notrap aligned v1+16
    v12 = load.i32 notrap aligned v1+24
    v13 = iconst.i32 3
    v14 = icmp ne v12, v13  ; v13 = 3
    brif v14, block5, block7

block7:
    v16 = load.i64 notrap aligned v1+32
    v17 = load.i32 notrap aligned v1+40
    v87 = iconst.i32 3
    v88 = icmp ne v17, v87  ; v87 = 3
    brif v88, block5, block8

block8:
    v21 = load.i64 notrap aligned v1+48
    v22 = load.i32 notrap aligned v1+56
    v89 = iconst.i32 3
    v90 = icmp ne v22, v89  ; v89 = 3
    brif v90, block5, block9

block9:
    jump block2

block5 cold:
    v109 = iconst.i64 0
    return v109  ; v109 = 0

block2:
    v28 = load.i64 notrap aligned v1+64
    v29 = load.i32 notrap aligned v1+72
    v91 = iconst.i32 3
    v92 = icmp ne v29, v91  ; v91 = 3
    brif v92, block10, block11

block11:
    v32 = load.i64 notrap aligned v6+8
    v33 = iconst.i64 0x7000_0000_0000
    v34 = icmp ne v32, v33  ; v33 = 0x7000_0000_0000
    brif v34, block12, block13

block13:
    v39 = iconst.i64 125
    v40 = iadd.i64 v0, v39  ; v39 = 125
    v50 = iconst.i64 70
    v53 = iconst.i64 0x7000_0000_0010
    v51 = iconst.i64 96
    v44 = iconst.i64 1
    v58 = get_stack_pointer.i64
    v61 = iconst.i64 4096
    v66 = iconst.i64 -2
    jump block3(v11, v16, v28, v1)

block10 cold:
    v108 = iconst.i64 1
    jump block14(v108)  ; v108 = 1

block14(v36: i64) cold:
    return v36

block12 cold:
    v38 = iconst.i64 2
    jump block14(v38)  ; v38 = 2

block3(v2: i64, v3: i64, v4: i64, v84: i64):
    v93 = iadd.i64 v0, v39  ; v39 = 125
    v41 = atomic_load.i8 notrap aligned v93
    brif v41, block15, block16

block16:
    store.i64 notrap aligned v2, v84+16
    v94 = iconst.i32 3
    store notrap aligned v94, v84+24  ; v94 = 3
    store.i64 notrap aligned v3, v84+32
    store notrap aligned v94, v84+40  ; v94 = 3
    store.i64 notrap aligned v21, v84+48
    store notrap aligned v94, v84+56  ; v94 = 3
    store.i64 notrap aligned v4, v84+64
    store notrap aligned v94, v84+72  ; v94 = 3
    store.i64 notrap aligned v6, v84+80
    v95 = iconst.i64 70
    store notrap aligned v95, v84+88  ; v95 = 70
    v96 = iconst.i64 0x7000_0000_0010
    v54 = load.i64 notrap aligned v96  ; v96 = 0x7000_0000_0010
    v97 = iconst.i64 96
    v98 = iadd.i64 v84, v97  ; v97 = 96
    v99 = iconst.i64 1
    v55, v56 = call_indirect sig19, v54(v0, v98, v99)  ; v99 = 1
    v59 = load.i64 notrap aligned v0+128
    v60 = icmp.i64 uge v58, v59
    brif v60, block17, block18(v84)

block17 cold:
    v100 = iconst.i64 4096
    v101 = icmp.i64 eq v56, v100  ; v100 = 4096
    brif v101, block19, block20

block19 cold:
    v63 = iconst.i64 0x0001_0000_0000
    v64 = bor.i64 v55, v63  ; v63 = 0x0001_0000_0000
    return v64

block20 cold:
    v65 = call %cranelua_resync(v0, v58)
    v102 = iconst.i64 1
    v103 = band v65, v102  ; v102 = 1
    brif v103, block21, block22

block22:
    v104 = iconst.i64 -2
    v105 = band.i64 v65, v104  ; v104 = -2
    jump block18(v105)

block18(v86: i64):
    v70 = iconst.i64 0
    v74 = icmp.i64 eq v3, v70  ; v70 = 0
    brif v74, block23, block24

block24:
    jump block4

block15 cold:
    store.i64 notrap aligned v2, v84+16
    store.i64 notrap aligned v3, v84+32
    store.i64 notrap aligned v21, v84+48
    store.i64 notrap aligned v4, v84+64
    v77 = iconst.i64 3
    return v77  ; v77 = 3

block21 cold:
    v79 = iconst.i64 4
    return v79  ; v79 = 4

block23 cold:
    v81 = iconst.i64 5
    return v81  ; v81 = 5

block4:
    v76 = iadd.i64 v2, v21
    v106 = iconst.i64 1
    v107 = isub.i64 v3, v106  ; v106 = 1
    jump block3(v76, v107, v76, v86)
}
---- HIR
block0():    ; pc 17
    v0: Any = load r1
    v1: Table = guard v0    -> guard_type pc 17 []
    v2: Any = load r2
    v3: Int = guard v2    -> guard_type pc 17 []
    v4: Any = load r3
    v5: Int = guard v4    -> guard_type pc 17 []
    v6: Any = load r4
    v7: Int = guard v6    -> guard_type pc 17 []
    v8: Any = load r5
    v9: Int = guard v8    -> guard_type pc 17 []
    jump block1()
block1():    ; pc 17
    v15: None = guard_shape v1    -> guard_shape pc 17 [] as guard_hoisted
    jump block2(v3, v5, v9)
block2(v10: Int, v11: Int, v13: Int):    ; pc 17, loop
    v14: None = poll    -> interrupt pc 17 [r2=v10 r3=v11 r4=v7 r5=v13]
    v16: Int = slot_get v1 +48    -> guard_field pc 17 [r2=v10 r3=v11 r4=v7 r5=v13]
    v17: Int = add v16 v13
    v19: None = slot_put v1 +48 v17 value
    v21: Float = slot_get v1 +56    -> guard_field pc 21 [r2=v10 r3=v11 r4=v7 r5=v13 r6=v17]
    v22: Float = float 2.0
    v23: Float = mul v21 v22
    v25: None = slot_put v1 +56 v23 value
    v26: Int = int 0
    v27: Int = int 1
    v28: Bool = eq v11 v26
    v29: None = exit_if v28 == true    -> loop_end pc 26 [r2=v10 r3=v11 r4=v7 r5=v13 r6=v23]
    v30: Int = sub v11 v27
    v31: Int = add v10 v7
    jump block3()
block3():    ; pc 25
    jump block2(v31, v30, v31)
---- optimised CLIF
function u0:0(i64, i64) -> i64 system_v {

block0(v0: i64, v1: i64):
    jump block1

block1:
    v6 = load.i64 notrap aligned v1+16
    v7 = load.i32 notrap aligned v1+24
    v8 = iconst.i32 69
    v9 = icmp ne v7, v8  ; v8 = 69
    brif v9, block5, block6

block6:
    v11 = load.i64 notrap aligned v1+32
    v12 = load.i32 notrap aligned v1+40
    v13 = iconst.i32 3
    v14 = icmp ne v12, v13  ; v13 = 3
    brif v14, block5, block7

block7:
    v16 = load.i64 notrap aligned v1+48
    v17 = load.i32 notrap aligned v1+56
    v68 = iconst.i32 3
    v69 = icmp ne v17, v68  ; v68 = 3
    brif v69, block5, block8

block8:
    v21 = load.i64 notrap aligned v1+64
    v22 = load.i32 notrap aligned v1+72
    v70 = iconst.i32 3
    v71 = icmp ne v22, v70  ; v70 = 3
    brif v71, block5, block9

block9:
    v26 = load.i64 notrap aligned v1+80
    v27 = load.i32 notrap aligned v1+88
    v72 = iconst.i32 3
    v73 = icmp ne v27, v72  ; v72 = 3
    brif v73, block5, block10

block10:
    jump block2

block5 cold:
    v86 = iconst.i64 0
    return v86  ; v86 = 0

block2:
    v32 = load.i32 notrap aligned v6+4
    v33 = iconst.i32 8
    v34 = icmp ne v32, v33  ; v33 = 8
    brif v34, block11, block12

block12:
    v37 = iconst.i64 125
    v38 = iadd.i64 v0, v37  ; v37 = 125
    v44 = iconst.i8 3
    v49 = iconst.i8 19
    v51 = f64const 0x1.0000000000000p1
    v53 = iconst.i64 0
    v54 = iconst.i64 1
    jump block3(v11, v16, v26)

block11 cold:
    v85 = iconst.i64 1
    return v85  ; v85 = 1

block3(v2: i64, v3: i64, v4: i64):
    v74 = iadd.i64 v0, v37  ; v37 = 125
    v39 = atomic_load.i8 notrap aligned v74
    brif v39, block13, block14

block14:
    v42 = load.i8 notrap aligned v6+8
    v43 = load.i64 notrap aligned v6+48
    v75 = iconst.i8 3
    v76 = icmp ne v42, v75  ; v75 = 3
    brif v76, block15, block16

block16:
    v46 = iadd.i64 v43, v4
    store notrap aligned v46, v6+48
    v47 = load.i8 notrap aligned v6+9
    v48 = load.f64 notrap aligned v6+56
    v77 = iconst.i8 19
    v78 = icmp ne v47, v77  ; v77 = 19
    brif v78, block17, block18

block18:
    v79 = f64const 0x1.0000000000000p1
    v80 = fmul.f64 v48, v79  ; v79 = 0x1.0000000000000p1
    store notrap aligned v80, v6+56
    v81 = iconst.i64 0
    v82 = icmp.i64 eq v3, v81  ; v81 = 0
    brif v82, block19, block20

block20:
    jump block4

block13 cold:
    v58 = iconst.i64 2
    jump block21(v58)  ; v58 = 2

block21(v59: i64) cold:
    store.i64 notrap aligned v2, v1+32
    store.i64 notrap aligned v3, v1+48
    store.i64 notrap aligned v21, v1+64
    store.i64 notrap aligned v4, v1+80
    return v59

block15 cold:
    v61 = iconst.i64 3
    jump block21(v61)  ; v61 = 3

block17 cold:
    store.i64 notrap aligned v2, v1+32
    store.i64 notrap aligned v3, v1+48
    store.i64 notrap aligned v21, v1+64
    store.i64 notrap aligned v4, v1+80
    store.i64 notrap aligned v46, v1+96
    v62 = iconst.i64 4
    return v62  ; v62 = 4

block19 cold:
    store.i64 notrap aligned v2, v1+32
    store.i64 notrap aligned v3, v1+48
    store.i64 notrap aligned v21, v1+64
    store.i64 notrap aligned v4, v1+80
    store.f64 notrap aligned v80, v1+96
    v64 = iconst.i64 5
    return v64  ; v64 = 5

block4:
    v57 = iadd.i64 v2, v21
    v83 = iconst.i64 1
    v84 = isub.i64 v3, v83  ; v83 = 1
    jump block3(v57, v84, v57)
}
]==]
