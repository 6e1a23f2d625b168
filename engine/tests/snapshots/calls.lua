-- HIR, optimised CLIF
-- Calls of a Lua function and of a library function that is looked up in a global table.
local function twice(x) return x + x end
local sum = 0
for i = 1, 20 do
  sum = sum + twice(i) + math.max(i, 10)
end
assert(sum == 675)
--[==[ what it is compiled to
---- HIR
block0():    ; pc 7
    v0: Any = load r0
    v1: LuaFn = guard v0    -> guard_type pc 7 []
    v2: Any = load r1
    v3: Int = guard v2    -> guard_type pc 7 []
    v4: Any = load r2
    v5: Int = guard v4    -> guard_type pc 7 []
    v6: Any = load r3
    v7: Int = guard v6    -> guard_type pc 7 []
    v8: Any = load r4
    v9: Int = guard v8    -> guard_type pc 7 []
    v10: Any = load r5
    v11: Int = guard v10    -> guard_type pc 7 []
    jump block1(v3, v5, v7, v9, v11)
block1(v12: Int, v13: Int, v14: Int, v15: Int, v16: Int):    ; pc 7, loop
    v17: None = poll    -> interrupt pc 7 [r1=v12 r2=v13 r3=v14 r4=v15 r5=v16]
    v18: None = store r1 v12
    v19: None = store r2 v13
    v20: None = store r3 v14
    v21: None = store r4 v15
    v22: None = store r5 v16
    v23: None = store r6 v1
    v24: None = store r7 v16
    v25: None = call r6 at pc 9    -> after_call pc 10 []
    v26: Any = load r6
    v27: Int = guard v26    -> guard_type pc 10 []
    v28: Int = add v12 v27
    v29: Table = upval_get 0    -> guard_upvalue pc 12 [r6=v28]
    v30: None = guard_shape v29    -> guard_shape pc 12 [r6=v28]
    v31: Table = node_get v29    -> guard_node pc 12 [r6=v28]
    v32: None = guard_shape v31    -> guard_shape pc 13 [r6=v28 r7=v31]
    v33: Any = node_get v31    -> guard_node pc 13 [r6=v28 r7=v31]
    v34: Int = int 10
    v35: None = store r6 v28
    v36: None = store r7 v33
    v37: None = store r8 v16
    v38: None = store r9 v34
    v39: None = call r7 at pc 16    -> after_call pc 17 []
    v40: Any = load r7
    v41: Int = guard v40    -> guard_type pc 17 []
    v42: Int = add v28 v41
    v43: Int = int 0
    v44: Int = int 1
    v45: Bool = eq v14 v43
    v46: None = exit_if v45 == true    -> loop_end pc 20 [r1=v42]
    v47: Int = sub v14 v44
    v48: Int = add v13 v15
    jump block1(v42, v48, v47, v15, v48)
---- optimised CLIF
function u0:0(i64, i64, i64) -> i64 system_v {

block0(v0: i64, v1: i64, v2: i64):
    jump block1

block1:
    v9 = load.i64 notrap aligned v1
    v10 = load.i32 notrap aligned v1+8
    v11 = iconst.i32 70
    v12 = icmp ne v10, v11  ; v11 = 70
    brif v12, block3, block4

block4:
    v14 = load.i64 notrap aligned v1+16
    v15 = load.i32 notrap aligned v1+24
    v16 = iconst.i32 3
    v17 = icmp ne v15, v16  ; v16 = 3
    brif v17, block3, block5

block5:
    v19 = load.i64 notrap aligned v1+32
    v20 = load.i32 notrap aligned v1+40
    v185 = iconst.i32 3
    v186 = icmp ne v20, v185  ; v185 = 3
    brif v186, block3, block6

block6:
    v24 = load.i64 notrap aligned v1+48
    v25 = load.i32 notrap aligned v1+56
    v187 = iconst.i32 3
    v188 = icmp ne v25, v187  ; v187 = 3
    brif v188, block3, block7

block7:
    v29 = load.i64 notrap aligned v1+64
    v30 = load.i32 notrap aligned v1+72
    v189 = iconst.i32 3
    v190 = icmp ne v30, v189  ; v189 = 3
    brif v190, block3, block8

block8:
    v34 = load.i64 notrap aligned v1+80
    v35 = load.i32 notrap aligned v1+88
    v191 = iconst.i32 3
    v192 = icmp ne v35, v191  ; v191 = 3
    brif v192, block3, block9

block9:
    v50 = iconst.i64 0x7000_0000_0000
    v51 = iconst.i64 0x0002_0206
    v53 = iconst.i64 16
    v59 = iconst.i64 1
    v57 = iconst.i64 -2
    v75 = iconst.i32 69
    v78 = iconst.i32 2
    v87 = iconst.i64 0x7000_0000_0010
    v90 = iconst.i8 68
    v103 = iconst.i32 43
    v105 = iconst.i64 1032
    v108 = iconst.i64 0x7000_0000_0020
    v82 = iconst.i32 0
    v119 = iconst.i64 10
    v124 = iconst.i64 0x7000_0000_0030
    v125 = iconst.i64 0x0002_0307
    v61 = iconst.i64 0
    jump block2(v14, v19, v24, v34, v1)

block3 cold:
    v261 = iconst.i64 0
    return v261  ; v261 = 0

block2(v3: i64, v4: i64, v5: i64, v7: i64, v179: i64):
    v39 = load.i8 notrap aligned v2
    brif v39, block10, block11

block11:
    store.i64 notrap aligned v3, v179+16
    v193 = iconst.i32 3
    store notrap aligned v193, v179+24  ; v193 = 3
    store.i64 notrap aligned v4, v179+32
    store notrap aligned v193, v179+40  ; v193 = 3
    store.i64 notrap aligned v5, v179+48
    store notrap aligned v193, v179+56  ; v193 = 3
    store.i64 notrap aligned v29, v179+64
    store notrap aligned v193, v179+72  ; v193 = 3
    store.i64 notrap aligned v7, v179+80
    store notrap aligned v193, v179+88  ; v193 = 3
    store.i64 notrap aligned v9, v179+96
    v194 = iconst.i32 70
    store notrap aligned v194, v179+104  ; v194 = 70
    store.i64 notrap aligned v7, v179+112
    store notrap aligned v193, v179+120  ; v193 = 3
    v195 = iconst.i64 0x7000_0000_0000
    v196 = iconst.i64 0x0002_0206
    v52 = call %cranelua_call(v0, v195, v196)  ; v195 = 0x7000_0000_0000, v196 = 0x0002_0206
    v197 = iconst.i64 16
    v198 = icmp ult v52, v197  ; v197 = 16
    brif v198, block12, block13

block12 cold:
    v258 = iconst.i64 0x0001_0000_0000
    v56 = bor.i64 v52, v258  ; v258 = 0x0001_0000_0000
    return v56

block13:
    v199 = iconst.i64 1
    v200 = band.i64 v52, v199  ; v199 = 1
    brif v200, block14, block15

block15:
    v201 = iconst.i64 -2
    v202 = band.i64 v52, v201  ; v201 = -2
    v64 = load.i64 notrap aligned v202+96
    v65 = load.i32 notrap aligned v202+104
    v203 = iconst.i32 3
    v204 = icmp ne v65, v203  ; v203 = 3
    brif v204, block16, block17

block17:
    v70 = load.i64 notrap aligned v202-16
    v71 = load.i64 notrap aligned v70+16
    v72 = load.i64 notrap aligned v71+8
    v73 = load.i64 notrap aligned v72
    v74 = load.i32 notrap aligned v72+8
    v205 = iconst.i32 69
    v206 = icmp ne v74, v205  ; v205 = 69
    brif v206, block18, block19

block19:
    v77 = load.i32 notrap aligned v73+4
    v207 = iconst.i32 2
    v208 = icmp ne v77, v207  ; v207 = 2
    brif v208, block20, block21

block21:
    v80 = load.i64 notrap aligned v73+32
    v81 = load.i32 notrap aligned v80-8
    jump block23

block23:
    v86 = load.i64 notrap aligned v80+8
    v89 = load.i8 notrap aligned v80+17
    v209 = iconst.i64 0x7000_0000_0010
    v210 = icmp ne v86, v209  ; v209 = 0x7000_0000_0010
    v211 = iconst.i8 68
    v212 = icmp ne v89, v211  ; v211 = 68
    v92 = bor v210, v212
    brif v92, block22, block24

block24:
    v93 = load.i8 notrap aligned v80+16
    v95 = load.i64 notrap aligned v80
    v94 = uextend.i32 v93
    v213 = iconst.i32 69
    v214 = icmp ne v94, v213  ; v213 = 69
    brif v214, block22, block25

block25:
    v98 = load.i32 notrap aligned v95+4
    v215 = iconst.i32 2
    v216 = icmp ne v98, v215  ; v215 = 2
    brif v216, block26, block27

block27:
    v101 = load.i64 notrap aligned v95+32
    v102 = load.i32 notrap aligned v101-8
    v217 = iconst.i32 43
    v218 = icmp ult v102, v217  ; v217 = 43
    brif v218, block28, block29

block29:
    v219 = iconst.i64 1032
    v220 = iadd.i64 v101, v219  ; v219 = 1032
    v107 = load.i64 notrap aligned v220+8
    v110 = load.i8 notrap aligned v220+17
    v221 = iconst.i64 0x7000_0000_0020
    v222 = icmp ne v107, v221  ; v221 = 0x7000_0000_0020
    v223 = iconst.i8 68
    v224 = icmp ne v110, v223  ; v223 = 68
    v113 = bor v222, v224
    brif v113, block28, block30

block30:
    v114 = load.i8 notrap aligned v220+16
    v115 = uextend.i32 v114
    v225 = iconst.i32 0
    v226 = icmp eq v115, v225  ; v225 = 0
    brif v226, block28, block31

block31:
    v118 = load.i64 notrap aligned v220
    v68 = iadd.i64 v3, v64
    store notrap aligned v68, v202+96
    v227 = iconst.i32 3
    store notrap aligned v227, v202+104  ; v227 = 3
    store notrap aligned v118, v202+112
    store.i32 notrap aligned v115, v202+120
    store.i64 notrap aligned v7, v202+128
    store notrap aligned v227, v202+136  ; v227 = 3
    v228 = iconst.i64 10
    store notrap aligned v228, v202+144  ; v228 = 10
    store notrap aligned v227, v202+152  ; v227 = 3
    v229 = iconst.i64 0x7000_0000_0030
    v230 = iconst.i64 0x0002_0307
    v126 = call %cranelua_call(v0, v229, v230)  ; v229 = 0x7000_0000_0030, v230 = 0x0002_0307
    v231 = iconst.i64 16
    v232 = icmp ult v126, v231  ; v231 = 16
    brif v232, block32, block33

block32 cold:
    v129 = iconst.i64 0x0001_0000_0000
    v130 = bor.i64 v126, v129  ; v129 = 0x0001_0000_0000
    return v130

block33:
    v233 = iconst.i64 1
    v234 = band.i64 v126, v233  ; v233 = 1
    brif v234, block34, block35

block35:
    v235 = iconst.i64 -2
    v236 = band.i64 v126, v235  ; v235 = -2
    v138 = load.i64 notrap aligned v236+112
    v139 = load.i32 notrap aligned v236+120
    v237 = iconst.i32 3
    v238 = icmp ne v139, v237  ; v237 = 3
    brif v238, block36, block37

block37:
    v239 = iconst.i64 0
    v240 = icmp.i64 eq v5, v239  ; v239 = 0
    brif v240, block38, block39

block39:
    v142 = iadd.i64 v68, v138
    v147 = iadd.i64 v4, v29
    v241 = iconst.i64 1
    v242 = isub.i64 v5, v241  ; v241 = 1
    jump block2(v142, v147, v242, v147, v236)

block10 cold:
    store.i64 notrap aligned v3, v179+16
    v259 = iconst.i32 3
    store notrap aligned v259, v179+24  ; v259 = 3
    store.i64 notrap aligned v4, v179+32
    store notrap aligned v259, v179+40  ; v259 = 3
    store.i64 notrap aligned v5, v179+48
    store notrap aligned v259, v179+56  ; v259 = 3
    store.i64 notrap aligned v29, v179+64
    store notrap aligned v259, v179+72  ; v259 = 3
    store.i64 notrap aligned v7, v179+80
    store notrap aligned v259, v179+88  ; v259 = 3
    v260 = iconst.i64 1
    return v260  ; v260 = 1

block14 cold:
    v155 = iconst.i64 2
    return v155  ; v155 = 2

block16 cold:
    v156 = iconst.i64 3
    return v156  ; v156 = 3

block18 cold:
    v256 = iadd.i64 v3, v64
    store notrap aligned v256, v202+96
    v257 = iconst.i32 3
    store notrap aligned v257, v202+104  ; v257 = 3
    v159 = iconst.i64 4
    return v159  ; v159 = 4

block20 cold:
    v254 = iadd.i64 v3, v64
    store notrap aligned v254, v202+96
    v255 = iconst.i32 3
    store notrap aligned v255, v202+104  ; v255 = 3
    v162 = iconst.i64 5
    return v162  ; v162 = 5

block22 cold:
    v252 = iadd.i64 v3, v64
    store notrap aligned v252, v202+96
    v253 = iconst.i32 3
    store notrap aligned v253, v202+104  ; v253 = 3
    v165 = iconst.i64 6
    return v165  ; v165 = 6

block26 cold:
    v249 = iadd.i64 v3, v64
    store notrap aligned v249, v202+96
    v250 = iconst.i32 3
    store notrap aligned v250, v202+104  ; v250 = 3
    store.i64 notrap aligned v95, v202+112
    v251 = iconst.i32 69
    store notrap aligned v251, v202+120  ; v251 = 69
    v169 = iconst.i64 7
    return v169  ; v169 = 7

block28 cold:
    v246 = iadd.i64 v3, v64
    store notrap aligned v246, v202+96
    v247 = iconst.i32 3
    store notrap aligned v247, v202+104  ; v247 = 3
    store.i64 notrap aligned v95, v202+112
    v248 = iconst.i32 69
    store notrap aligned v248, v202+120  ; v248 = 69
    v173 = iconst.i64 8
    return v173  ; v173 = 8

block34 cold:
    v174 = iconst.i64 9
    return v174  ; v174 = 9

block36 cold:
    v245 = iconst.i64 10
    return v245  ; v245 = 10

block38 cold:
    v243 = iadd.i64 v68, v138
    store notrap aligned v243, v236+16
    v244 = iconst.i32 3
    store notrap aligned v244, v236+24  ; v244 = 3
    v178 = iconst.i64 11
    return v178  ; v178 = 11
}
]==]
