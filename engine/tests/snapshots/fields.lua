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
    v1: Table = newtable     -> guard_shape pc 0 [r0=v0] or step
    v2: None = store_field v1 v0 1 cases    -> guard_shape pc 2 [r0=v0 r1=v1] or step
    v3: Float = float 0.5
    v4: None = store_field v1 v3 1 cases    -> guard_shape pc 3 [r0=v0 r1=v1] or step
    v5: Any = box v1
    return v5
---- optimised CLIF
function u0:0(i64, i64, i64) -> i64, i64 system_v {
    sig37 = (i64, i64, i64) -> i64, i64 system_v
    fn37 = u0:39 sig37

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
    v13 = iconst.i64 0x7000_0000_0000
    v14 = call %cranelua_new_table(v0, v1, v13)  ; v13 = 0x7000_0000_0000
    v15 = iconst.i64 0
    v16 = icmp eq v14, v15  ; v15 = 0
    brif v16, block6, block8

block8:
    jump block7(v14, v1)

block6 cold:
    store.i64 notrap aligned v2, v1
    v148 = iconst.i64 0x7000_0000_0000
    v17 = iconst.i64 0x0001_0000_0000
    v21 = call %cranelua_recover(v0, v1, v3, v148, v17)  ; v148 = 0x7000_0000_0000, v17 = 0x0001_0000_0000
    v22 = iconst.i64 16
    v23 = icmp ult v21, v22  ; v22 = 16
    brif v23, block9, block10

block9 cold:
    v24 = iconst.i64 4096
    return v21, v24  ; v24 = 4096

block10:
    v27 = iconst.i64 1
    v28 = band.i64 v21, v27  ; v27 = 1
    brif v28, block11, block12

block12:
    v25 = iconst.i64 -2
    v26 = band.i64 v21, v25  ; v25 = -2
    v32 = load.i64 notrap aligned v26+16
    v33 = load.i32 notrap aligned v26+24
    v34 = iconst.i32 69
    v35 = icmp ne v33, v34  ; v34 = 69
    brif v35, block13, block14

block14:
    v149 = band.i64 v21, v25  ; v25 = -2
    jump block7(v32, v149)

block7(v11: i64, v133: i64):
    v36 = load.i32 notrap aligned v11+4
    v37 = iconst.i32 1
    v38 = icmp ne v36, v37  ; v37 = 1
    brif v38, block15(v133), block18

block18:
    v39 = load.i8 notrap aligned v11+2
    v40 = iconst.i8 0
    v144 = icmp eq v39, v40  ; v40 = 0
    brif v144, block15(v133), block19

block19:
    v42 = iconst.i64 0x7000_0000_0010
    v43 = load.i32 notrap aligned v42  ; v42 = 0x7000_0000_0010
    v44 = iconst.i32 2
    v45 = icmp ne v43, v44  ; v44 = 2
    brif v45, block15(v133), block20

block20:
    v46 = iconst.i32 5
    store notrap aligned v46, v11+4  ; v46 = 5
    v47 = load.i8 notrap aligned v11+1
    v48 = iconst.i8 1
    v49 = band v47, v48  ; v48 = 1
    brif v49, block21, block22

block21 cold:
    call %cranelua_log(v0, v11)
    jump block22

block22:
    store.i64 notrap aligned v2, v11+48
    v50 = iconst.i32 3
    istore8 notrap aligned v50, v11+8  ; v50 = 3
    jump block17

block17:
    jump block16(v133)

block15(v51: i64) cold:
    v52 = iconst.i64 0x7000_0000_0020
    v152 = iconst.i64 3
    v55 = iconst.i64 0x7000_0000_0030
    v56 = call %cranelua_missed_put_field(v0, v51, v52, v11, v2, v152, v55)  ; v52 = 0x7000_0000_0020, v152 = 3, v55 = 0x7000_0000_0030
    v153 = iconst.i64 0
    v154 = icmp eq v56, v153  ; v153 = 0
    brif v154, block23, block24

block24:
    jump block16(v51)

block23 cold:
    store.i64 notrap aligned v2, v51
    store.i64 notrap aligned v11, v51+16
    v155 = iconst.i64 0x7000_0000_0020
    v156 = iconst.i64 0x7000_0000_0030
    v63 = call %cranelua_recover(v0, v51, v3, v155, v156)  ; v155 = 0x7000_0000_0020, v156 = 0x7000_0000_0030
    v157 = iconst.i64 16
    v65 = icmp ult v63, v157  ; v157 = 16
    brif v65, block25, block26

block25 cold:
    v162 = iconst.i64 4096
    return v63, v162  ; v162 = 4096

block26:
    v158 = iconst.i64 1
    v70 = band.i64 v63, v158  ; v158 = 1
    brif v70, block27, block28

block28:
    v159 = iconst.i64 -2
    v68 = band.i64 v63, v159  ; v159 = -2
    jump block16(v68)

block16(v136: i64):
    v74 = load.i32 notrap aligned v11+4
    v163 = iconst.i32 5
    v76 = icmp ne v74, v163  ; v163 = 5
    brif v76, block29(v136), block32

block32:
    v77 = load.i8 notrap aligned v11+2
    v164 = iconst.i8 1
    v79 = icmp ule v77, v164  ; v164 = 1
    brif v79, block29(v136), block33

block33:
    v165 = iconst.i64 0x7000_0000_0010
    v81 = load.i32 notrap aligned v165  ; v165 = 0x7000_0000_0010
    v166 = iconst.i32 2
    v83 = icmp ne v81, v166  ; v166 = 2
    brif v83, block29(v136), block34

block34:
    v84 = iconst.i32 6
    store notrap aligned v84, v11+4  ; v84 = 6
    v85 = load.i8 notrap aligned v11+1
    v87 = band v85, v164  ; v164 = 1
    brif v87, block35, block36

block35 cold:
    call %cranelua_log(v0, v11)
    jump block36

block36:
    v73 = f64const 0x1.0000000000000p-1
    store notrap aligned v73, v11+56  ; v73 = 0x1.0000000000000p-1
    v88 = iconst.i32 19
    istore8 notrap aligned v88, v11+9  ; v88 = 19
    jump block31

block31:
    jump block30(v136)

block29(v89: i64) cold:
    v90 = iconst.i64 0x7000_0000_0040
    v167 = f64const 0x1.0000000000000p-1
    v91 = bitcast.i64 v167  ; v167 = 0x1.0000000000000p-1
    v146 = iconst.i64 19
    v94 = iconst.i64 0x7000_0000_0050
    v95 = call %cranelua_missed_put_field(v0, v89, v90, v11, v91, v146, v94)  ; v90 = 0x7000_0000_0040, v146 = 19, v94 = 0x7000_0000_0050
    v168 = iconst.i64 0
    v169 = icmp eq v95, v168  ; v168 = 0
    brif v169, block37, block38

block38:
    jump block30(v89)

block37 cold:
    store.i64 notrap aligned v2, v89
    store.i64 notrap aligned v11, v89+16
    v170 = iconst.i64 0x7000_0000_0040
    v171 = iconst.i64 0x7000_0000_0050
    v102 = call %cranelua_recover(v0, v89, v3, v170, v171)  ; v170 = 0x7000_0000_0040, v171 = 0x7000_0000_0050
    v172 = iconst.i64 16
    v104 = icmp ult v102, v172  ; v172 = 16
    brif v104, block39, block40

block39 cold:
    v177 = iconst.i64 4096
    return v102, v177  ; v177 = 4096

block40:
    v173 = iconst.i64 1
    v109 = band.i64 v102, v173  ; v173 = 1
    brif v109, block41, block42

block42:
    v174 = iconst.i64 -2
    v107 = band.i64 v102, v174  ; v174 = -2
    jump block30(v107)

block30(v113: i64):
    v147 = iconst.i64 69
    return v11, v147  ; v147 = 69

block11 cold:
    v115 = iconst.i64 2
    jump block43(v115)  ; v115 = 2

block43(v116: i64) cold:
    v150 = iconst.i64 -2
    v151 = band.i64 v21, v150  ; v150 = -2
    jump block44(v116, v151)

block13 cold:
    v119 = iconst.i64 3
    jump block43(v119)  ; v119 = 3

block27 cold:
    v120 = iconst.i64 5
    v160 = iconst.i64 -2
    v161 = band.i64 v63, v160  ; v160 = -2
    jump block44(v120, v161)  ; v120 = 5

block41 cold:
    v122 = iconst.i64 7
    v175 = iconst.i64 -2
    v176 = band.i64 v102, v175  ; v175 = -2
    jump block44(v122, v176)  ; v122 = 7

block3 cold:
    store.i64 notrap aligned v2, v1
    v178 = iconst.i32 3
    store notrap aligned v178, v1+8  ; v178 = 3
    v179 = iconst.i64 0
    jump block44(v179, v1)  ; v179 = 0

block44(v118: i64, v127: i64) cold:
    v180 = iconst.i64 0
    v130, v131 = call %cranelua_leave(v0, v127, v3, v180, v118)  ; v180 = 0
    return v130, v131
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
    sig37 = (i64, i64, i64) -> i64, i64 system_v

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
    v55, v56 = call_indirect sig37, v54(v0, v98, v99)  ; v99 = 1
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
    v33 = iconst.i32 6
    v34 = icmp ne v32, v33  ; v33 = 6
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
