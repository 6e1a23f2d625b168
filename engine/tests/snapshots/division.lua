-- HIR, optimised CLIF, code
-- Floor division and modulo of integers, by a constant and by a variable.
local sum, by = 0, 3
for i = -50, 50 do
  sum = sum + i // by + i % 7
end
assert(sum == 267)
--[==[ what it is compiled to
---- HIR
block0():    ; pc 7
    v0: Any = load r0
    v1: Int = guard v0    -> guard_type pc 7 []
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
    jump block1(v1, v5, v7, v9, v11)
block1(v12: Int, v13: Int, v14: Int, v15: Int, v16: Int):    ; pc 7, loop
    v17: None = poll    -> interrupt pc 7 [r0=v12 r2=v13 r3=v14 r4=v15 r5=v16]
    v18: Int = idiv v16 v3    -> guard_divisor pc 7 [r0=v12 r2=v13 r3=v14 r4=v15 r5=v16]
    v19: Int = add v12 v18
    v20: Int = int 7
    v21: Int = mod v16 v20    -> guard_divisor pc 11 [r0=v12 r2=v13 r3=v14 r4=v15 r5=v16 r6=v19]
    v22: Int = add v19 v21
    v23: Int = int 0
    v24: Int = int 1
    v25: Bool = eq v14 v23
    v26: None = exit_if v25 == true    -> loop_end pc 16 [r0=v22 r2=v13 r3=v14 r4=v15 r5=v16 r6=v19 r7=v21]
    v27: Int = sub v14 v24
    v28: Int = add v13 v15
    jump block2()
block2():    ; pc 15
    jump block1(v22, v28, v27, v15, v28)
---- optimised CLIF
function u0:0(i64, i64) -> i64 system_v {

block0(v0: i64, v1: i64):
    jump block1

block1:
    v8 = load.i64 notrap aligned v1
    v9 = load.i32 notrap aligned v1+8
    v10 = iconst.i32 3
    v11 = icmp ne v9, v10  ; v10 = 3
    brif v11, block4, block5

block5:
    v13 = load.i64 notrap aligned v1+16
    v14 = load.i32 notrap aligned v1+24
    v111 = iconst.i32 3
    v112 = icmp ne v14, v111  ; v111 = 3
    brif v112, block4, block6

block6:
    v18 = load.i64 notrap aligned v1+32
    v19 = load.i32 notrap aligned v1+40
    v113 = iconst.i32 3
    v114 = icmp ne v19, v113  ; v113 = 3
    brif v114, block4, block7

block7:
    v23 = load.i64 notrap aligned v1+48
    v24 = load.i32 notrap aligned v1+56
    v115 = iconst.i32 3
    v116 = icmp ne v24, v115  ; v115 = 3
    brif v116, block4, block8

block8:
    v28 = load.i64 notrap aligned v1+64
    v29 = load.i32 notrap aligned v1+72
    v117 = iconst.i32 3
    v118 = icmp ne v29, v117  ; v117 = 3
    brif v118, block4, block9

block9:
    v33 = load.i64 notrap aligned v1+80
    v34 = load.i32 notrap aligned v1+88
    v119 = iconst.i32 3
    v120 = icmp ne v34, v119  ; v119 = 3
    brif v120, block4, block10

block10:
    v41 = iconst.i64 0
    v42 = icmp.i64 eq v13, v41  ; v41 = 0
    v43 = iconst.i64 -1
    v44 = icmp.i64 eq v13, v43  ; v43 = -1
    v45 = iconst.i64 1
    v46 = select v44, v45, v13  ; v45 = 1
    v105 = iconst.i64 0x4924_9249_2492_4925
    v108 = iconst.i64 63
    v62 = iconst.i64 7
    jump block2(v8, v18, v23, v33)

block4 cold:
    v175 = iconst.i64 0
    return v175  ; v175 = 0

block2(v2: i64, v3: i64, v4: i64, v6: i64):
    v38 = load.i8 notrap aligned v0+125
    brif v38, block11, block12

block12:
    brif.i8 v42, block13, block14

block14:
    v47 = sdiv.i64 v6, v46
    v121 = iconst.i64 0
    v122 = icmp.i64 eq v4, v121  ; v121 = 0
    brif v122, block15, block16

block16:
    jump block3

block11 cold:
    store.i64 notrap aligned v2, v1
    v173 = iconst.i32 3
    store notrap aligned v173, v1+8  ; v173 = 3
    store.i64 notrap aligned v3, v1+32
    store notrap aligned v173, v1+40  ; v173 = 3
    store.i64 notrap aligned v4, v1+48
    store notrap aligned v173, v1+56  ; v173 = 3
    store.i64 notrap aligned v28, v1+64
    store notrap aligned v173, v1+72  ; v173 = 3
    store.i64 notrap aligned v6, v1+80
    store notrap aligned v173, v1+88  ; v173 = 3
    v174 = iconst.i64 1
    return v174  ; v174 = 1

block13 cold:
    store.i64 notrap aligned v2, v1
    v172 = iconst.i32 3
    store notrap aligned v172, v1+8  ; v172 = 3
    store.i64 notrap aligned v3, v1+32
    store notrap aligned v172, v1+40  ; v172 = 3
    store.i64 notrap aligned v4, v1+48
    store notrap aligned v172, v1+56  ; v172 = 3
    store.i64 notrap aligned v28, v1+64
    store notrap aligned v172, v1+72  ; v172 = 3
    store.i64 notrap aligned v6, v1+80
    store notrap aligned v172, v1+88  ; v172 = 3
    v93 = iconst.i64 2
    return v93  ; v93 = 2

block15 cold:
    v141 = ineg.i64 v6
    v142 = imul.i64 v47, v46
    v143 = isub.i64 v6, v142
    v144 = iconst.i64 0
    v145 = icmp ne v143, v144  ; v144 = 0
    v146 = bxor v143, v46
    v147 = icmp slt v146, v144  ; v144 = 0
    v148 = band v145, v147
    v149 = iconst.i64 -1
    v150 = iadd.i64 v47, v149  ; v149 = -1
    v151 = select v148, v150, v47
    v152 = select v44, v141, v151
    v153 = iadd.i64 v2, v152
    v154 = iconst.i64 0x4924_9249_2492_4925
    v155 = smulhi.i64 v6, v154  ; v154 = 0x4924_9249_2492_4925
    v156 = iconst.i64 1
    v157 = sshr v155, v156  ; v156 = 1
    v158 = iconst.i64 63
    v159 = ushr v157, v158  ; v158 = 63
    v160 = iadd v157, v159
    v161 = iconst.i64 7
    v162 = imul v160, v161  ; v161 = 7
    v163 = isub.i64 v6, v162
    v164 = icmp ne v163, v144  ; v144 = 0
    v165 = bxor v163, v161  ; v161 = 7
    v166 = icmp slt v165, v144  ; v144 = 0
    v167 = band v164, v166
    v168 = iadd v163, v161  ; v161 = 7
    v169 = select v167, v168, v163
    v170 = iadd v153, v169
    store notrap aligned v170, v1
    v171 = iconst.i32 3
    store notrap aligned v171, v1+8  ; v171 = 3
    store.i64 notrap aligned v3, v1+32
    store notrap aligned v171, v1+40  ; v171 = 3
    store.i64 notrap aligned v4, v1+48
    store notrap aligned v171, v1+56  ; v171 = 3
    store.i64 notrap aligned v28, v1+64
    store notrap aligned v171, v1+72  ; v171 = 3
    store.i64 notrap aligned v6, v1+80
    store notrap aligned v171, v1+88  ; v171 = 3
    store notrap aligned v153, v1+96
    store notrap aligned v171, v1+104  ; v171 = 3
    store notrap aligned v169, v1+112
    store notrap aligned v171, v1+120  ; v171 = 3
    v102 = iconst.i64 3
    return v102  ; v102 = 3

block3:
    v59 = ineg.i64 v6
    v48 = imul.i64 v47, v46
    v49 = isub.i64 v6, v48
    v123 = iconst.i64 0
    v124 = icmp ne v49, v123  ; v123 = 0
    v52 = bxor v49, v46
    v125 = icmp slt v52, v123  ; v123 = 0
    v55 = band v124, v125
    v126 = iconst.i64 -1
    v127 = iadd.i64 v47, v126  ; v126 = -1
    v58 = select v55, v127, v47
    v60 = select v44, v59, v58
    v61 = iadd.i64 v2, v60
    v128 = iconst.i64 0x4924_9249_2492_4925
    v129 = smulhi.i64 v6, v128  ; v128 = 0x4924_9249_2492_4925
    v130 = iconst.i64 1
    v131 = sshr v129, v130  ; v130 = 1
    v132 = iconst.i64 63
    v133 = ushr v131, v132  ; v132 = 63
    v110 = iadd v131, v133
    v63 -> v110
    v134 = iconst.i64 7
    v135 = imul v110, v134  ; v134 = 7
    v65 = isub.i64 v6, v135
    v136 = icmp ne v65, v123  ; v123 = 0
    v137 = bxor v65, v134  ; v134 = 7
    v138 = icmp slt v137, v123  ; v123 = 0
    v71 = band v136, v138
    v139 = iadd v65, v134  ; v134 = 7
    v73 = select v71, v139, v65
    v74 = iadd v61, v73
    v79 = iadd.i64 v3, v28
    v140 = isub.i64 v4, v130  ; v130 = 1
    jump block2(v74, v79, v140, v79)
}
---- code for x86-64
  pushq %rbp
  movq %rsp, %rbp
  subq $0x30, %rsp
  movq %rbx, (%rsp)
  movq %r12, 8(%rsp)
  movq %r13, 0x10(%rsp)
  movq %r14, 0x18(%rsp)
  movq %r15, 0x20(%rsp)
block0:
  movq %rdi, %rdx
  jmp     label1
block1:
  movq (%rsi), %r10
  movl 8(%rsi), %eax
  cmpl $0x3, %eax
  jnz     label2; j label3
block3:
  movq 0x10(%rsi), %r9
  movl 0x18(%rsi), %eax
  cmpl $0x3, %eax
  jnz     label4; j label5
block5:
  movq 0x20(%rsi), %rdi
  movl 0x28(%rsi), %eax
  cmpl $0x3, %eax
  jnz     label6; j label7
block7:
  movq 0x30(%rsi), %r15
  movl 0x38(%rsi), %eax
  cmpl $0x3, %eax
  jnz     label8; j label9
block9:
  movq 0x40(%rsi), %rcx
  movl 0x48(%rsi), %eax
  cmpl $0x3, %eax
  jnz     label10; j label11
block11:
  movq 0x50(%rsi), %rax
  movq %rax, %r8
  movl 0x58(%rsi), %eax
  cmpl $0x3, %eax
  jnz     label12; j label13
block13:
  cmpq $0xffffffffffffffff, %r9
  movq %r9, %r11
  cmoveq (%rip), %r11
  movq %rdx, %rbx
  jmp     label14
block14:
  movzbq 0x7d(%rbx), %rax
  testb %al, %al
  jnz     label21; j label15
block15:
  testq %r9, %r9
  jz      label20; j label16
block16:
  movq %r8, %rax
  cqto  ;; implicit: %rdx, %rax
  testq %r11, %r11
  jz #trap=int_divz
  idivq %r11 ;; implicit: %rax, %rdx, trap=252
  testq %r15, %r15
  jz      label19; j label17
block17:
  jmp     label18
block18:
  movq %r8, %r12
  negq %r12
  movq %rax, %rdx
  imulq %r11, %rdx
  movq %r8, %r13
  subq %rdx, %r13
  testq %r13, %r13
  setne %r14b
  xorq %r11, %r13
  shrq $0x3f, %r13
  leaq -1(%rax), %rdx
  testb %r14b, %r13b
  cmovneq %rdx, %rax
  cmpq $0xffffffffffffffff, %r9
  cmoveq %r12, %rax
  leaq (%r10, %rax), %r10
  movq %r8, %rax
  imulq (%rip) ;; implicit: %rax, %rdx
  sarq $1, %rdx
  movq %rdx, %rax
  shrq $0x3f, %rax
  leaq (%rdx, %rax), %rax
  imulq $0x7, %rax, %rax
  subq %rax, %r8
  testq %r8, %r8
  setne %al
  movq %r8, %rdx
  xorq $0x7, %rdx
  shrq $0x3f, %rdx
  leaq 7(%r8), %r12
  testb %al, %dl
  cmovneq %r12, %r8
  leaq (%r10, %r8), %r10
  leaq (%rdi, %rcx), %rdi
  subq $0x1, %r15
  movq %rdi, %r8
  jmp     label14
block2:
  jmp     label22
block4:
  jmp     label22
block6:
  jmp     label22
block8:
  jmp     label22
block10:
  jmp     label22
block12:
  jmp     label22
block19:
  movq %r8, %rbx
  negq %rbx
  movq %rax, %rdx
  imulq %r11, %rdx
  movq %r8, %r12
  subq %rdx, %r12
  testq %r12, %r12
  setne %r13b
  xorq %r11, %r12
  shrq $0x3f, %r12
  leaq -1(%rax), %rdx
  testb %r13b, %r12b
  cmovneq %rdx, %rax
  cmpq $0xffffffffffffffff, %r9
  cmoveq %rbx, %rax
  leaq (%r10, %rax), %r9
  movq %r8, %rax
  imulq (%rip) ;; implicit: %rax, %rdx
  sarq $1, %rdx
  movq %rdx, %rax
  shrq $0x3f, %rax
  leaq (%rdx, %rax), %rax
  imulq $0x7, %rax, %rdx
  movq %r8, %rax
  subq %rdx, %rax
  testq %rax, %rax
  setne %r10b
  movq %rax, %rdx
  xorq $0x7, %rdx
  shrq $0x3f, %rdx
  leaq 7(%rax), %r11
  testb %r10b, %dl
  cmovneq %r11, %rax
  leaq (%r9, %rax), %rdx
  movq %rdx, (%rsi)
  movl $0x3, 8(%rsi)
  movq %rdi, 0x20(%rsi)
  movl $0x3, 0x28(%rsi)
  movq %r15, 0x30(%rsi)
  movl $0x3, 0x38(%rsi)
  movq %rcx, 0x40(%rsi)
  movl $0x3, 0x48(%rsi)
  movq %r8, 0x50(%rsi)
  movl $0x3, 0x58(%rsi)
  movq %r9, 0x60(%rsi)
  movl $0x3, 0x68(%rsi)
  movq %rax, 0x70(%rsi)
  movl $0x3, 0x78(%rsi)
  movl $0x3, %eax
  movq (%rsp), %rbx
  movq 8(%rsp), %r12
  movq 0x10(%rsp), %r13
  movq 0x18(%rsp), %r14
  movq 0x20(%rsp), %r15
  addq $0x30, %rsp
  movq %rbp, %rsp
  popq %rbp
  retq
block20:
  movq %r10, (%rsi)
  movl $0x3, 8(%rsi)
  movq %rdi, 0x20(%rsi)
  movl $0x3, 0x28(%rsi)
  movq %r15, 0x30(%rsi)
  movl $0x3, 0x38(%rsi)
  movq %rcx, 0x40(%rsi)
  movl $0x3, 0x48(%rsi)
  movq %r8, 0x50(%rsi)
  movl $0x3, 0x58(%rsi)
  movl $0x2, %eax
  movq (%rsp), %rbx
  movq 8(%rsp), %r12
  movq 0x10(%rsp), %r13
  movq 0x18(%rsp), %r14
  movq 0x20(%rsp), %r15
  addq $0x30, %rsp
  movq %rbp, %rsp
  popq %rbp
  retq
block21:
  movq %r10, (%rsi)
  movl $0x3, 8(%rsi)
  movq %rdi, 0x20(%rsi)
  movl $0x3, 0x28(%rsi)
  movq %r15, 0x30(%rsi)
  movl $0x3, 0x38(%rsi)
  movq %rcx, 0x40(%rsi)
  movl $0x3, 0x48(%rsi)
  movq %r8, 0x50(%rsi)
  movl $0x3, 0x58(%rsi)
  movl $0x1, %eax
  movq (%rsp), %rbx
  movq 8(%rsp), %r12
  movq 0x10(%rsp), %r13
  movq 0x18(%rsp), %r14
  movq 0x20(%rsp), %r15
  addq $0x30, %rsp
  movq %rbp, %rsp
  popq %rbp
  retq
block22:
  uninit  %rax
  xorq %rax, %rax
  movq (%rsp), %rbx
  movq 8(%rsp), %r12
  movq 0x10(%rsp), %r13
  movq 0x18(%rsp), %r14
  movq 0x20(%rsp), %r15
  addq $0x30, %rsp
  movq %rbp, %rsp
  popq %rbp
  retq
---- code for aarch64
  stp fp, lr, [sp, #-16]!
  mov fp, sp
block0:
  mov x8, x0
  b label1
block1:
  ldr x5, [x1]
  ldr w0, [x1, #8]
  subs wzr, w0, #3
  b.ne label2 ; b label3
block3:
  ldr x4, [x1, #16]
  ldr w0, [x1, #24]
  subs wzr, w0, #3
  b.ne label4 ; b label5
block5:
  ldr x15, [x1, #32]
  ldr w0, [x1, #40]
  subs wzr, w0, #3
  b.ne label6 ; b label7
block7:
  ldr x2, [x1, #48]
  ldr w0, [x1, #56]
  subs wzr, w0, #3
  b.ne label8 ; b label9
block9:
  ldr x0, [x1, #64]
  ldr w3, [x1, #72]
  subs wzr, w3, #3
  b.ne label10 ; b label11
block11:
  ldr x3, [x1, #80]
  ldr w6, [x1, #88]
  subs wzr, w6, #3
  b.ne label12 ; b label13
block13:
  movn x6, #0
  movz x7, #1
  subs xzr, x4, x6
  csel x7, x7, x4, eq
  b label14
block14:
  ldrb w9, [x8, #125]
  ands wzr, w9, #255
  b.ne label21 ; b label15
block15:
  cbz x4, label20 ; b label16
block16:
  cbz x7, #trap=int_divz
  adds xzr, x7, #1
  ccmp x3, #1, #nzcv, eq
  b.vs #trap=int_ovf
  sdiv x9, x3, x7
  cbz x2, label19 ; b label17
block17:
  b label18
block18:
  sub x10, xzr, x3
  msub x12, x9, x7, x3
  subs xzr, x12, #0
  cset x11, ne
  eor x12, x12, x7
  subs xzr, x12, #0
  cset x12, lt
  and w11, w11, w12
  sub x12, x9, #1
  ands wzr, w11, #255
  csel x9, x12, x9, ne
  subs xzr, x4, x6
  csel x9, x10, x9, eq
  add x5, x5, x9
  movz x9, #18725
  movk x9, x9, #9362, LSL #16
  movk x9, x9, #37449, LSL #32
  movk x9, x9, #18724, LSL #48
  smulh x9, x3, x9
  asr x9, x9, #1
  lsr x10, x9, #63
  add x9, x9, x10
  movz x10, #7
  msub x3, x9, x10, x3
  subs xzr, x3, #0
  cset x9, ne
  eor x10, x3, #7
  subs xzr, x10, #0
  cset x10, lt
  and w9, w9, w10
  add x10, x3, #7
  ands wzr, w9, #255
  csel x3, x10, x3, ne
  add x5, x5, x3
  add x15, x15, x0
  sub x2, x2, #1
  mov x3, x15
  b label14
block2:
  b label22
block4:
  b label22
block6:
  b label22
block8:
  b label22
block10:
  b label22
block12:
  b label22
block19:
  sub x8, xzr, x3
  msub x11, x9, x7, x3
  subs xzr, x11, #0
  cset x10, ne
  eor x7, x11, x7
  subs xzr, x7, #0
  cset x7, lt
  and w7, w10, w7
  sub x10, x9, #1
  ands wzr, w7, #255
  csel x7, x10, x9, ne
  subs xzr, x4, x6
  csel x4, x8, x7, eq
  add x4, x5, x4
  movz x5, #18725
  movk x5, x5, #9362, LSL #16
  movk x5, x5, #37449, LSL #32
  movk x5, x5, #18724, LSL #48
  smulh x5, x3, x5
  asr x5, x5, #1
  lsr x6, x5, #63
  add x5, x5, x6
  movz x6, #7
  msub x5, x5, x6, x3
  subs xzr, x5, #0
  cset x6, ne
  eor x7, x5, #7
  subs xzr, x7, #0
  cset x7, lt
  and w6, w6, w7
  add x7, x5, #7
  ands wzr, w6, #255
  csel x5, x7, x5, ne
  add x6, x4, x5
  str x6, [x1]
  movz w6, #3
  str w6, [x1, #8]
  str x15, [x1, #32]
  str w6, [x1, #40]
  str x2, [x1, #48]
  str w6, [x1, #56]
  str x0, [x1, #64]
  str w6, [x1, #72]
  str x3, [x1, #80]
  str w6, [x1, #88]
  str x4, [x1, #96]
  str w6, [x1, #104]
  str x5, [x1, #112]
  str w6, [x1, #120]
  movz x0, #3
  ldp fp, lr, [sp], #16
  ret
block20:
  str x5, [x1]
  movz w4, #3
  str w4, [x1, #8]
  str x15, [x1, #32]
  str w4, [x1, #40]
  str x2, [x1, #48]
  str w4, [x1, #56]
  str x0, [x1, #64]
  str w4, [x1, #72]
  str x3, [x1, #80]
  str w4, [x1, #88]
  movz x0, #2
  ldp fp, lr, [sp], #16
  ret
block21:
  str x5, [x1]
  movz w4, #3
  str w4, [x1, #8]
  str x15, [x1, #32]
  str w4, [x1, #40]
  str x2, [x1, #48]
  str w4, [x1, #56]
  str x0, [x1, #64]
  str w4, [x1, #72]
  str x3, [x1, #80]
  str w4, [x1, #88]
  movz x0, #1
  ldp fp, lr, [sp], #16
  ret
block22:
  movz x0, #0
  ldp fp, lr, [sp], #16
  ret
]==]
