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
    jump block1(v3, v5, v7, v9)
block1(v10: Int, v11: Int, v12: Int, v13: Int):    ; pc 17, loop
    v14: None = poll    -> interrupt pc 17 [r2=v10 r3=v11 r4=v12 r5=v13]
    v15: None = guard_shape v1    -> guard_shape pc 17 [r2=v10 r3=v11 r4=v12 r5=v13]
    v16: Int = slot_get v1 +48    -> guard_field pc 17 [r2=v10 r3=v11 r4=v12 r5=v13]
    v17: Int = add v16 v13
    v18: None = guard_shape v1    -> guard_shape pc 20 [r2=v10 r3=v11 r4=v12 r5=v13 r6=v17]
    v19: None = slot_set v1 +48 v17    -> guard_field pc 20 [r2=v10 r3=v11 r4=v12 r5=v13 r6=v17]
    v20: None = guard_shape v1    -> guard_shape pc 21 [r2=v10 r3=v11 r4=v12 r5=v13 r6=v17]
    v21: Float = slot_get v1 +56    -> guard_field pc 21 [r2=v10 r3=v11 r4=v12 r5=v13 r6=v17]
    v22: Float = float 2.0
    v23: Float = mul v21 v22
    v24: None = guard_shape v1    -> guard_shape pc 24 [r2=v10 r3=v11 r4=v12 r5=v13 r6=v23]
    v25: None = slot_set v1 +56 v23    -> guard_field pc 24 [r2=v10 r3=v11 r4=v12 r5=v13 r6=v23]
    v26: Int = int 0
    v27: Int = int 1
    v28: Bool = eq v11 v26
    v29: None = exit_if v28 == true    -> loop_end pc 26 [r2=v10 r3=v11 r4=v12 r5=v13 r6=v23]
    v30: Int = sub v11 v27
    v31: Int = add v10 v12
    jump block1(v31, v30, v12, v31)
---- optimised CLIF
function u0:0(i64, i64, i64) -> i64 system_v {

block0(v0: i64, v1: i64, v2: i64):
    jump block1

block1:
    v8 = load.i64 notrap aligned v1+16
    v9 = load.i32 notrap aligned v1+24
    v10 = iconst.i32 69
    v11 = icmp ne v9, v10  ; v10 = 69
    brif v11, block3, block4

block4:
    v13 = load.i64 notrap aligned v1+32
    v14 = load.i32 notrap aligned v1+40
    v15 = iconst.i32 3
    v16 = icmp ne v14, v15  ; v15 = 3
    brif v16, block3, block5

block5:
    v18 = load.i64 notrap aligned v1+48
    v19 = load.i32 notrap aligned v1+56
    v143 = iconst.i32 3
    v144 = icmp ne v19, v143  ; v143 = 3
    brif v144, block3, block6

block6:
    v23 = load.i64 notrap aligned v1+64
    v24 = load.i32 notrap aligned v1+72
    v145 = iconst.i32 3
    v146 = icmp ne v24, v145  ; v145 = 3
    brif v146, block3, block7

block7:
    v28 = load.i64 notrap aligned v1+80
    v29 = load.i32 notrap aligned v1+88
    v147 = iconst.i32 3
    v148 = icmp ne v29, v147  ; v147 = 3
    brif v148, block3, block8

block8:
    v37 = iconst.i32 8
    v34 = iconst.i8 0
    v58 = iconst.i32 19
    v60 = f64const 0x1.0000000000000p1
    v69 = iconst.i64 0
    v70 = iconst.i64 1
    jump block2(v13, v18, v28)

block3 cold:
    v191 = iconst.i64 0
    return v191  ; v191 = 0

block2(v3: i64, v4: i64, v6: i64):
    v33 = load.i8 notrap aligned v2
    brif v33, block9, block10

block10:
    v36 = load.i32 notrap aligned v8+4
    v149 = iconst.i32 8
    v150 = icmp ne v36, v149  ; v149 = 8
    brif v150, block11, block12

block12:
    v39 = load.i8 notrap aligned v8+8
    v41 = load.i64 notrap aligned v8+48
    v40 = uextend.i32 v39
    v151 = iconst.i32 3
    v152 = icmp ne v40, v151  ; v151 = 3
    brif v152, block13, block14

block14:
    v45 = load.i32 notrap aligned v8+4
    v153 = iconst.i32 8
    v154 = icmp ne v45, v153  ; v153 = 8
    brif v154, block15, block16

block16:
    v48 = load.i8 notrap aligned v8+8
    v155 = iconst.i8 0
    v156 = icmp eq v48, v155  ; v155 = 0
    brif v156, block17, block18

block18:
    v44 = iadd.i64 v41, v6
    store notrap aligned v44, v8+48
    v157 = iconst.i32 3
    istore8 notrap aligned v157, v8+8  ; v157 = 3
    v52 = load.i32 notrap aligned v8+4
    v158 = iconst.i32 8
    v159 = icmp ne v52, v158  ; v158 = 8
    brif v159, block19, block20

block20:
    v55 = load.i8 notrap aligned v8+9
    v57 = load.f64 notrap aligned v8+56
    v56 = uextend.i32 v55
    v160 = iconst.i32 19
    v161 = icmp ne v56, v160  ; v160 = 19
    brif v161, block21, block22

block22:
    brif.i8 v159, block23, block24

block24:
    v162 = iconst.i8 0
    v163 = icmp.i8 eq v55, v162  ; v162 = 0
    brif v163, block25, block26

block26:
    v164 = f64const 0x1.0000000000000p1
    v165 = fmul.f64 v57, v164  ; v164 = 0x1.0000000000000p1
    store notrap aligned v165, v8+56
    v166 = iconst.i32 19
    istore8 notrap aligned v166, v8+9  ; v166 = 19
    v167 = iconst.i64 0
    v168 = icmp.i64 eq v4, v167  ; v167 = 0
    brif v168, block27, block28

block28:
    v73 = iadd.i64 v3, v23
    v169 = iconst.i64 1
    v170 = isub.i64 v4, v169  ; v169 = 1
    jump block2(v73, v170, v73)

block9 cold:
    store.i64 notrap aligned v3, v1+32
    v189 = iconst.i32 3
    store notrap aligned v189, v1+40  ; v189 = 3
    store.i64 notrap aligned v4, v1+48
    store notrap aligned v189, v1+56  ; v189 = 3
    store.i64 notrap aligned v23, v1+64
    store notrap aligned v189, v1+72  ; v189 = 3
    store.i64 notrap aligned v6, v1+80
    store notrap aligned v189, v1+88  ; v189 = 3
    v190 = iconst.i64 1
    return v190  ; v190 = 1

block11 cold:
    store.i64 notrap aligned v3, v1+32
    v188 = iconst.i32 3
    store notrap aligned v188, v1+40  ; v188 = 3
    store.i64 notrap aligned v4, v1+48
    store notrap aligned v188, v1+56  ; v188 = 3
    store.i64 notrap aligned v23, v1+64
    store notrap aligned v188, v1+72  ; v188 = 3
    store.i64 notrap aligned v6, v1+80
    store notrap aligned v188, v1+88  ; v188 = 3
    v85 = iconst.i64 2
    return v85  ; v85 = 2

block13 cold:
    store.i64 notrap aligned v3, v1+32
    v187 = iconst.i32 3
    store notrap aligned v187, v1+40  ; v187 = 3
    store.i64 notrap aligned v4, v1+48
    store notrap aligned v187, v1+56  ; v187 = 3
    store.i64 notrap aligned v23, v1+64
    store notrap aligned v187, v1+72  ; v187 = 3
    store.i64 notrap aligned v6, v1+80
    store notrap aligned v187, v1+88  ; v187 = 3
    v91 = iconst.i64 3
    return v91  ; v91 = 3

block15 cold:
    store.i64 notrap aligned v3, v1+32
    v185 = iconst.i32 3
    store notrap aligned v185, v1+40  ; v185 = 3
    store.i64 notrap aligned v4, v1+48
    store notrap aligned v185, v1+56  ; v185 = 3
    store.i64 notrap aligned v23, v1+64
    store notrap aligned v185, v1+72  ; v185 = 3
    store.i64 notrap aligned v6, v1+80
    store notrap aligned v185, v1+88  ; v185 = 3
    v186 = iadd.i64 v41, v6
    store notrap aligned v186, v1+96
    store notrap aligned v185, v1+104  ; v185 = 3
    v98 = iconst.i64 4
    return v98  ; v98 = 4

block17 cold:
    store.i64 notrap aligned v3, v1+32
    v183 = iconst.i32 3
    store notrap aligned v183, v1+40  ; v183 = 3
    store.i64 notrap aligned v4, v1+48
    store notrap aligned v183, v1+56  ; v183 = 3
    store.i64 notrap aligned v23, v1+64
    store notrap aligned v183, v1+72  ; v183 = 3
    store.i64 notrap aligned v6, v1+80
    store notrap aligned v183, v1+88  ; v183 = 3
    v184 = iadd.i64 v41, v6
    store notrap aligned v184, v1+96
    store notrap aligned v183, v1+104  ; v183 = 3
    v105 = iconst.i64 5
    return v105  ; v105 = 5

block19 cold:
    store.i64 notrap aligned v3, v1+32
    v182 = iconst.i32 3
    store notrap aligned v182, v1+40  ; v182 = 3
    store.i64 notrap aligned v4, v1+48
    store notrap aligned v182, v1+56  ; v182 = 3
    store.i64 notrap aligned v23, v1+64
    store notrap aligned v182, v1+72  ; v182 = 3
    store.i64 notrap aligned v6, v1+80
    store notrap aligned v182, v1+88  ; v182 = 3
    store.i64 notrap aligned v44, v1+96
    store notrap aligned v182, v1+104  ; v182 = 3
    v112 = iconst.i64 6
    return v112  ; v112 = 6

block21 cold:
    store.i64 notrap aligned v3, v1+32
    v181 = iconst.i32 3
    store notrap aligned v181, v1+40  ; v181 = 3
    store.i64 notrap aligned v4, v1+48
    store notrap aligned v181, v1+56  ; v181 = 3
    store.i64 notrap aligned v23, v1+64
    store notrap aligned v181, v1+72  ; v181 = 3
    store.i64 notrap aligned v6, v1+80
    store notrap aligned v181, v1+88  ; v181 = 3
    store.i64 notrap aligned v44, v1+96
    store notrap aligned v181, v1+104  ; v181 = 3
    v119 = iconst.i64 7
    return v119  ; v119 = 7

block23 cold:
    store.i64 notrap aligned v3, v1+32
    v177 = iconst.i32 3
    store notrap aligned v177, v1+40  ; v177 = 3
    store.i64 notrap aligned v4, v1+48
    store notrap aligned v177, v1+56  ; v177 = 3
    store.i64 notrap aligned v23, v1+64
    store notrap aligned v177, v1+72  ; v177 = 3
    store.i64 notrap aligned v6, v1+80
    store notrap aligned v177, v1+88  ; v177 = 3
    v178 = f64const 0x1.0000000000000p1
    v179 = fmul.f64 v57, v178  ; v178 = 0x1.0000000000000p1
    store notrap aligned v179, v1+96
    v180 = iconst.i32 19
    store notrap aligned v180, v1+104  ; v180 = 19
    v126 = iconst.i64 8
    return v126  ; v126 = 8

block25 cold:
    store.i64 notrap aligned v3, v1+32
    v173 = iconst.i32 3
    store notrap aligned v173, v1+40  ; v173 = 3
    store.i64 notrap aligned v4, v1+48
    store notrap aligned v173, v1+56  ; v173 = 3
    store.i64 notrap aligned v23, v1+64
    store notrap aligned v173, v1+72  ; v173 = 3
    store.i64 notrap aligned v6, v1+80
    store notrap aligned v173, v1+88  ; v173 = 3
    v174 = f64const 0x1.0000000000000p1
    v175 = fmul.f64 v57, v174  ; v174 = 0x1.0000000000000p1
    store notrap aligned v175, v1+96
    v176 = iconst.i32 19
    store notrap aligned v176, v1+104  ; v176 = 19
    v133 = iconst.i64 9
    return v133  ; v133 = 9

block27 cold:
    store.i64 notrap aligned v3, v1+32
    v171 = iconst.i32 3
    store notrap aligned v171, v1+40  ; v171 = 3
    store.i64 notrap aligned v4, v1+48
    store notrap aligned v171, v1+56  ; v171 = 3
    store.i64 notrap aligned v23, v1+64
    store notrap aligned v171, v1+72  ; v171 = 3
    store.i64 notrap aligned v6, v1+80
    store notrap aligned v171, v1+88  ; v171 = 3
    store.f64 notrap aligned v165, v1+96
    v172 = iconst.i32 19
    store notrap aligned v172, v1+104  ; v172 = 19
    v140 = iconst.i64 10
    return v140  ; v140 = 10
}
]==]
