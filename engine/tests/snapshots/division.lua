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
    jump block1(v22, v28, v27, v15, v28)
---- optimised CLIF
function u0:0(i64, i64, i64) -> i64 system_v {

block0(v0: i64, v1: i64, v2: i64):
    jump block1

block1:
    v9 = load.i64 notrap aligned v1
    v10 = load.i32 notrap aligned v1+8
    v11 = iconst.i32 3
    v12 = icmp ne v10, v11  ; v11 = 3
    brif v12, block3, block4

block4:
    v14 = load.i64 notrap aligned v1+16
    v15 = load.i32 notrap aligned v1+24
    v112 = iconst.i32 3
    v113 = icmp ne v15, v112  ; v112 = 3
    brif v113, block3, block5

block5:
    v19 = load.i64 notrap aligned v1+32
    v20 = load.i32 notrap aligned v1+40
    v114 = iconst.i32 3
    v115 = icmp ne v20, v114  ; v114 = 3
    brif v115, block3, block6

block6:
    v24 = load.i64 notrap aligned v1+48
    v25 = load.i32 notrap aligned v1+56
    v116 = iconst.i32 3
    v117 = icmp ne v25, v116  ; v116 = 3
    brif v117, block3, block7

block7:
    v29 = load.i64 notrap aligned v1+64
    v30 = load.i32 notrap aligned v1+72
    v118 = iconst.i32 3
    v119 = icmp ne v30, v118  ; v118 = 3
    brif v119, block3, block8

block8:
    v34 = load.i64 notrap aligned v1+80
    v35 = load.i32 notrap aligned v1+88
    v120 = iconst.i32 3
    v121 = icmp ne v35, v120  ; v120 = 3
    brif v121, block3, block9

block9:
    v42 = iconst.i64 0
    v43 = icmp.i64 eq v14, v42  ; v42 = 0
    v44 = iconst.i64 -1
    v45 = icmp.i64 eq v14, v44  ; v44 = -1
    v46 = iconst.i64 1
    v47 = select v45, v46, v14  ; v46 = 1
    v106 = iconst.i64 0x4924_9249_2492_4925
    v109 = iconst.i64 63
    v63 = iconst.i64 7
    jump block2(v9, v19, v24, v34)

block3 cold:
    v176 = iconst.i64 0
    return v176  ; v176 = 0

block2(v3: i64, v4: i64, v5: i64, v7: i64):
    v39 = load.i8 notrap aligned v2
    brif v39, block10, block11

block11:
    brif.i8 v43, block12, block13

block13:
    v48 = sdiv.i64 v7, v47
    v122 = iconst.i64 0
    v123 = icmp.i64 eq v5, v122  ; v122 = 0
    brif v123, block14, block15

block15:
    v60 = ineg.i64 v7
    v49 = imul.i64 v48, v47
    v50 = isub.i64 v7, v49
    v124 = iconst.i64 0
    v125 = icmp ne v50, v124  ; v124 = 0
    v53 = bxor v50, v47
    v126 = icmp slt v53, v124  ; v124 = 0
    v56 = band v125, v126
    v127 = iconst.i64 -1
    v128 = iadd.i64 v48, v127  ; v127 = -1
    v59 = select v56, v128, v48
    v61 = select v45, v60, v59
    v62 = iadd.i64 v3, v61
    v129 = iconst.i64 0x4924_9249_2492_4925
    v130 = smulhi.i64 v7, v129  ; v129 = 0x4924_9249_2492_4925
    v131 = iconst.i64 1
    v132 = sshr v130, v131  ; v131 = 1
    v133 = iconst.i64 63
    v134 = ushr v132, v133  ; v133 = 63
    v111 = iadd v132, v134
    v64 -> v111
    v135 = iconst.i64 7
    v136 = imul v111, v135  ; v135 = 7
    v66 = isub.i64 v7, v136
    v137 = icmp ne v66, v124  ; v124 = 0
    v138 = bxor v66, v135  ; v135 = 7
    v139 = icmp slt v138, v124  ; v124 = 0
    v72 = band v137, v139
    v140 = iadd v66, v135  ; v135 = 7
    v74 = select v72, v140, v66
    v75 = iadd v62, v74
    v80 = iadd.i64 v4, v29
    v141 = isub.i64 v5, v131  ; v131 = 1
    jump block2(v75, v80, v141, v80)

block10 cold:
    store.i64 notrap aligned v3, v1
    v174 = iconst.i32 3
    store notrap aligned v174, v1+8  ; v174 = 3
    store.i64 notrap aligned v4, v1+32
    store notrap aligned v174, v1+40  ; v174 = 3
    store.i64 notrap aligned v5, v1+48
    store notrap aligned v174, v1+56  ; v174 = 3
    store.i64 notrap aligned v29, v1+64
    store notrap aligned v174, v1+72  ; v174 = 3
    store.i64 notrap aligned v7, v1+80
    store notrap aligned v174, v1+88  ; v174 = 3
    v175 = iconst.i64 1
    return v175  ; v175 = 1

block12 cold:
    store.i64 notrap aligned v3, v1
    v173 = iconst.i32 3
    store notrap aligned v173, v1+8  ; v173 = 3
    store.i64 notrap aligned v4, v1+32
    store notrap aligned v173, v1+40  ; v173 = 3
    store.i64 notrap aligned v5, v1+48
    store notrap aligned v173, v1+56  ; v173 = 3
    store.i64 notrap aligned v29, v1+64
    store notrap aligned v173, v1+72  ; v173 = 3
    store.i64 notrap aligned v7, v1+80
    store notrap aligned v173, v1+88  ; v173 = 3
    v94 = iconst.i64 2
    return v94  ; v94 = 2

block14 cold:
    v142 = ineg.i64 v7
    v143 = imul.i64 v48, v47
    v144 = isub.i64 v7, v143
    v145 = iconst.i64 0
    v146 = icmp ne v144, v145  ; v145 = 0
    v147 = bxor v144, v47
    v148 = icmp slt v147, v145  ; v145 = 0
    v149 = band v146, v148
    v150 = iconst.i64 -1
    v151 = iadd.i64 v48, v150  ; v150 = -1
    v152 = select v149, v151, v48
    v153 = select v45, v142, v152
    v154 = iadd.i64 v3, v153
    v155 = iconst.i64 0x4924_9249_2492_4925
    v156 = smulhi.i64 v7, v155  ; v155 = 0x4924_9249_2492_4925
    v157 = iconst.i64 1
    v158 = sshr v156, v157  ; v157 = 1
    v159 = iconst.i64 63
    v160 = ushr v158, v159  ; v159 = 63
    v161 = iadd v158, v160
    v162 = iconst.i64 7
    v163 = imul v161, v162  ; v162 = 7
    v164 = isub.i64 v7, v163
    v165 = icmp ne v164, v145  ; v145 = 0
    v166 = bxor v164, v162  ; v162 = 7
    v167 = icmp slt v166, v145  ; v145 = 0
    v168 = band v165, v167
    v169 = iadd v164, v162  ; v162 = 7
    v170 = select v168, v169, v164
    v171 = iadd v154, v170
    store notrap aligned v171, v1
    v172 = iconst.i32 3
    store notrap aligned v172, v1+8  ; v172 = 3
    store.i64 notrap aligned v4, v1+32
    store notrap aligned v172, v1+40  ; v172 = 3
    store.i64 notrap aligned v5, v1+48
    store notrap aligned v172, v1+56  ; v172 = 3
    store.i64 notrap aligned v29, v1+64
    store notrap aligned v172, v1+72  ; v172 = 3
    store.i64 notrap aligned v7, v1+80
    store notrap aligned v172, v1+88  ; v172 = 3
    store notrap aligned v154, v1+96
    store notrap aligned v172, v1+104  ; v172 = 3
    store notrap aligned v170, v1+112
    store notrap aligned v172, v1+120  ; v172 = 3
    v103 = iconst.i64 3
    return v103  ; v103 = 3
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
  movzbq (%rbx), %rax
  testb %al, %al
  jnz     label20; j label15
block15:
  testq %r9, %r9
  jz      label19; j label16
block16:
  movq %r8, %rax
  cqto  ;; implicit: %rdx, %rax
  testq %r11, %r11
  jz #trap=int_divz
  idivq %r11 ;; implicit: %rax, %rdx, trap=252
  testq %r15, %r15
  jz      label18; j label17
block17:
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
  jmp     label21
block4:
  jmp     label21
block6:
  jmp     label21
block8:
  jmp     label21
block10:
  jmp     label21
block12:
  jmp     label21
block18:
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
block19:
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
block21:
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
  mov x8, x2
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
  ldrb w9, [x8]
  ands wzr, w9, #255
  b.ne label20 ; b label15
block15:
  cbz x4, label19 ; b label16
block16:
  cbz x7, #trap=int_divz
  adds xzr, x7, #1
  ccmp x3, #1, #nzcv, eq
  b.vs #trap=int_ovf
  sdiv x9, x3, x7
  cbz x2, label18 ; b label17
block17:
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
  b label21
block4:
  b label21
block6:
  b label21
block8:
  b label21
block10:
  b label21
block12:
  b label21
block18:
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
block19:
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
  movz x0, #1
  ldp fp, lr, [sp], #16
  ret
block21:
  movz x0, #0
  ldp fp, lr, [sp], #16
  ret
]==]
