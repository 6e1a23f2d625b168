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
    v1: Int = guard v0    -> guard_type pc 7 [] as guard_block
    v2: Any = load r1
    v3: Int = guard v2    -> guard_type pc 7 [] as guard_block
    v4: Any = load r2
    v5: Int = guard v4    -> guard_type pc 7 [] as guard_control
    v6: Any = load r3
    v7: Int = guard v6    -> guard_type pc 7 [] as guard_control
    v8: Any = load r4
    v9: Int = guard v8    -> guard_type pc 7 [] as guard_control
    v10: Any = load r5
    v11: Int = guard v10    -> guard_type pc 7 [] as guard_control
    jump block1()
block1():    ; pc 7
    jump block2(v1, v5, v7, v11)
block2(v12: Int, v13: Int, v14: Int, v16: Int):    ; pc 7, loop
    v17: None = poll    -> interrupt pc 7 [r0=v12 r2=v13 r3=v14 r4=v9 r5=v16]
    v18: Int = idiv v16 v3    -> guard_divisor pc 7 [r0=v12 r2=v13 r3=v14 r4=v9 r5=v16]
    v19: Int = add v12 v18
    v20: Int = int 7
    v21: Int = mod v16 v20    -> guard_divisor pc 11 [r0=v12 r2=v13 r3=v14 r4=v9 r5=v16 r6=v19]
    v22: Int = add v19 v21
    v23: Int = int 0
    v24: Int = int 1
    v25: Bool = eq v14 v23
    v26: None = exit_if v25 == true    -> loop_end pc 16 [r0=v22 r2=v13 r3=v14 r4=v9 r5=v16 r6=v19 r7=v21]
    v27: Int = sub v14 v24
    v28: Int = add v13 v9
    jump block3()
block3():    ; pc 15
    jump block2(v22, v28, v27, v28)
---- optimised CLIF
function u0:0(i64, i64) -> i64 system_v {

block0(v0: i64, v1: i64):
    jump block1

block1:
    v7 = load.i64 notrap aligned v1
    v8 = load.i32 notrap aligned v1+8
    v9 = iconst.i32 3
    v10 = icmp ne v8, v9  ; v9 = 3
    brif v10, block5, block6

block6:
    v12 = load.i64 notrap aligned v1+16
    v13 = load.i32 notrap aligned v1+24
    v100 = iconst.i32 3
    v101 = icmp ne v13, v100  ; v100 = 3
    brif v101, block5, block7

block7:
    v17 = load.i64 notrap aligned v1+32
    v18 = load.i32 notrap aligned v1+40
    v102 = iconst.i32 3
    v103 = icmp ne v18, v102  ; v102 = 3
    brif v103, block8, block9

block9:
    v22 = load.i64 notrap aligned v1+48
    v23 = load.i32 notrap aligned v1+56
    v104 = iconst.i32 3
    v105 = icmp ne v23, v104  ; v104 = 3
    brif v105, block8, block10

block10:
    v27 = load.i64 notrap aligned v1+64
    v28 = load.i32 notrap aligned v1+72
    v106 = iconst.i32 3
    v107 = icmp ne v28, v106  ; v106 = 3
    brif v107, block8, block11

block11:
    v32 = load.i64 notrap aligned v1+80
    v33 = load.i32 notrap aligned v1+88
    v108 = iconst.i32 3
    v109 = icmp ne v33, v108  ; v108 = 3
    brif v109, block8, block12

block12:
    jump block2

block5 cold:
    v162 = iconst.i64 0
    jump block13(v162)  ; v162 = 0

block13(v37: i64) cold:
    return v37

block8 cold:
    v161 = iconst.i64 1
    jump block13(v161)  ; v161 = 1

block2:
    v40 = iconst.i64 125
    v41 = iadd.i64 v0, v40  ; v40 = 125
    v45 = iconst.i64 0
    v46 = icmp.i64 eq v12, v45  ; v45 = 0
    v47 = iconst.i64 -1
    v48 = icmp.i64 eq v12, v47  ; v47 = -1
    v49 = iconst.i64 1
    v50 = select v48, v49, v12  ; v49 = 1
    v94 = iconst.i64 0x4924_9249_2492_4925
    v97 = iconst.i64 63
    v66 = iconst.i64 7
    jump block3(v7, v17, v22, v32)

block3(v2: i64, v3: i64, v4: i64, v5: i64):
    v110 = iadd.i64 v0, v40  ; v40 = 125
    v42 = atomic_load.i8 notrap aligned v110
    brif v42, block14, block15

block15:
    brif.i8 v46, block16, block17

block17:
    v51 = sdiv.i64 v5, v50
    v111 = iconst.i64 0
    v112 = icmp.i64 eq v4, v111  ; v111 = 0
    brif v112, block18, block19

block19:
    jump block4

block14 cold:
    v84 = iconst.i64 2
    jump block20(v84)  ; v84 = 2

block20(v85: i64) cold:
    store.i64 notrap aligned v2, v1
    store.i64 notrap aligned v3, v1+32
    store.i64 notrap aligned v4, v1+48
    store.i64 notrap aligned v27, v1+64
    store.i64 notrap aligned v5, v1+80
    return v85

block16 cold:
    v87 = iconst.i64 3
    jump block20(v87)  ; v87 = 3

block18 cold:
    v131 = ineg.i64 v5
    v132 = imul.i64 v51, v50
    v133 = isub.i64 v5, v132
    v134 = iconst.i64 0
    v135 = icmp ne v133, v134  ; v134 = 0
    v136 = bxor v133, v50
    v137 = icmp slt v136, v134  ; v134 = 0
    v138 = band v135, v137
    v139 = iconst.i64 -1
    v140 = iadd.i64 v51, v139  ; v139 = -1
    v141 = select v138, v140, v51
    v142 = select v48, v131, v141
    v143 = iadd.i64 v2, v142
    v144 = iconst.i64 0x4924_9249_2492_4925
    v145 = smulhi.i64 v5, v144  ; v144 = 0x4924_9249_2492_4925
    v146 = iconst.i64 1
    v147 = sshr v145, v146  ; v146 = 1
    v148 = iconst.i64 63
    v149 = ushr v147, v148  ; v148 = 63
    v150 = iadd v147, v149
    v151 = iconst.i64 7
    v152 = imul v150, v151  ; v151 = 7
    v153 = isub.i64 v5, v152
    v154 = icmp ne v153, v134  ; v134 = 0
    v155 = bxor v153, v151  ; v151 = 7
    v156 = icmp slt v155, v134  ; v134 = 0
    v157 = band v154, v156
    v158 = iadd v153, v151  ; v151 = 7
    v159 = select v157, v158, v153
    v160 = iadd v143, v159
    store notrap aligned v160, v1
    store.i64 notrap aligned v3, v1+32
    store.i64 notrap aligned v4, v1+48
    store.i64 notrap aligned v27, v1+64
    store.i64 notrap aligned v5, v1+80
    store notrap aligned v143, v1+96
    store notrap aligned v159, v1+112
    v88 = iconst.i64 4
    return v88  ; v88 = 4

block4:
    v63 = ineg.i64 v5
    v52 = imul.i64 v51, v50
    v53 = isub.i64 v5, v52
    v113 = iconst.i64 0
    v114 = icmp ne v53, v113  ; v113 = 0
    v56 = bxor v53, v50
    v115 = icmp slt v56, v113  ; v113 = 0
    v59 = band v114, v115
    v116 = iconst.i64 -1
    v117 = iadd.i64 v51, v116  ; v116 = -1
    v62 = select v59, v117, v51
    v64 = select v48, v63, v62
    v65 = iadd.i64 v2, v64
    v118 = iconst.i64 0x4924_9249_2492_4925
    v119 = smulhi.i64 v5, v118  ; v118 = 0x4924_9249_2492_4925
    v120 = iconst.i64 1
    v121 = sshr v119, v120  ; v120 = 1
    v122 = iconst.i64 63
    v123 = ushr v121, v122  ; v122 = 63
    v99 = iadd v121, v123
    v67 -> v99
    v124 = iconst.i64 7
    v125 = imul v99, v124  ; v124 = 7
    v69 = isub.i64 v5, v125
    v126 = icmp ne v69, v113  ; v113 = 0
    v127 = bxor v69, v124  ; v124 = 7
    v128 = icmp slt v127, v113  ; v113 = 0
    v75 = band v126, v128
    v129 = iadd v69, v124  ; v124 = 7
    v77 = select v75, v129, v69
    v78 = iadd v65, v77
    v83 = iadd.i64 v3, v27
    v130 = isub.i64 v4, v120  ; v120 = 1
    jump block3(v78, v83, v130, v83)
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
  movq (%rsi), %r9
  movl 8(%rsi), %eax
  cmpl $0x3, %eax
  jnz     label2; j label3
block3:
  movq 0x10(%rsi), %r8
  movl 0x18(%rsi), %eax
  cmpl $0x3, %eax
  jnz     label4; j label5
block5:
  movq 0x20(%rsi), %rcx
  movl 0x28(%rsi), %eax
  cmpl $0x3, %eax
  jnz     label6; j label7
block7:
  movq 0x30(%rsi), %r15
  movl 0x38(%rsi), %eax
  cmpl $0x3, %eax
  jnz     label8; j label9
block9:
  movq 0x40(%rsi), %rdi
  movl 0x48(%rsi), %eax
  cmpl $0x3, %eax
  jnz     label10; j label11
block11:
  movq 0x50(%rsi), %rax
  movq %rax, %r10
  movl 0x58(%rsi), %eax
  cmpl $0x3, %eax
  jnz     label12; j label13
block13:
  jmp     label14
block14:
  cmpq $0xffffffffffffffff, %r8
  movq %r8, %r11
  cmoveq (%rip), %r11
  movq %rdx, %rbx
  jmp     label15
block15:
  movzbq 0x7d(%rbx), %rax
  testb %al, %al
  jnz     label22; j label16
block16:
  testq %r8, %r8
  jz      label21; j label17
block17:
  movq %r10, %rax
  cqto  ;; implicit: %rdx, %rax
  testq %r11, %r11
  jz #trap=int_divz
  idivq %r11 ;; implicit: %rax, %rdx, trap=252
  testq %r15, %r15
  jz      label20; j label18
block18:
  jmp     label19
block19:
  movq %r10, %r12
  negq %r12
  movq %rax, %rdx
  imulq %r11, %rdx
  movq %r10, %r13
  subq %rdx, %r13
  testq %r13, %r13
  setne %r14b
  xorq %r11, %r13
  shrq $0x3f, %r13
  leaq -1(%rax), %rdx
  testb %r14b, %r13b
  cmovneq %rdx, %rax
  cmpq $0xffffffffffffffff, %r8
  cmoveq %r12, %rax
  leaq (%r9, %rax), %r9
  movq %r10, %rax
  imulq (%rip) ;; implicit: %rax, %rdx
  sarq $1, %rdx
  movq %rdx, %rax
  shrq $0x3f, %rax
  leaq (%rdx, %rax), %rax
  imulq $0x7, %rax, %rax
  subq %rax, %r10
  testq %r10, %r10
  setne %al
  movq %r10, %rdx
  xorq $0x7, %rdx
  shrq $0x3f, %rdx
  leaq 7(%r10), %r12
  testb %al, %dl
  cmovneq %r12, %r10
  leaq (%r9, %r10), %r9
  leaq (%rcx, %rdi), %rcx
  subq $0x1, %r15
  movq %rcx, %r10
  jmp     label15
block2:
  jmp     label25
block4:
  jmp     label25
block6:
  jmp     label24
block8:
  jmp     label24
block10:
  jmp     label24
block12:
  jmp     label24
block20:
  movq %r10, %rbx
  negq %rbx
  movq %rax, %rdx
  imulq %r11, %rdx
  movq %r10, %r12
  subq %rdx, %r12
  testq %r12, %r12
  setne %r13b
  xorq %r11, %r12
  shrq $0x3f, %r12
  leaq -1(%rax), %rdx
  testb %r13b, %r12b
  cmovneq %rdx, %rax
  cmpq $0xffffffffffffffff, %r8
  cmoveq %rbx, %rax
  leaq (%r9, %rax), %r8
  movq %r10, %rax
  imulq (%rip) ;; implicit: %rax, %rdx
  sarq $1, %rdx
  movq %rdx, %rax
  shrq $0x3f, %rax
  leaq (%rdx, %rax), %rax
  imulq $0x7, %rax, %rdx
  movq %r10, %rax
  subq %rdx, %rax
  testq %rax, %rax
  setne %r9b
  movq %rax, %rdx
  xorq $0x7, %rdx
  shrq $0x3f, %rdx
  leaq 7(%rax), %r11
  testb %r9b, %dl
  cmovneq %r11, %rax
  leaq (%r8, %rax), %rdx
  movq %rdx, (%rsi)
  movq %rcx, 0x20(%rsi)
  movq %r15, 0x30(%rsi)
  movq %rdi, 0x40(%rsi)
  movq %r10, 0x50(%rsi)
  movq %r8, 0x60(%rsi)
  movq %rax, 0x70(%rsi)
  movl $0x4, %eax
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
  movl $0x3, %eax
  jmp     label23
block22:
  movl $0x2, %eax
  jmp     label23
block23:
  movq %r9, (%rsi)
  movq %rcx, 0x20(%rsi)
  movq %r15, 0x30(%rsi)
  movq %rdi, 0x40(%rsi)
  movq %r10, 0x50(%rsi)
  movq (%rsp), %rbx
  movq 8(%rsp), %r12
  movq 0x10(%rsp), %r13
  movq 0x18(%rsp), %r14
  movq 0x20(%rsp), %r15
  addq $0x30, %rsp
  movq %rbp, %rsp
  popq %rbp
  retq
block24:
  movl $0x1, %eax
  jmp     label26
block25:
  uninit  %rax
  xorq %rax, %rax
  jmp     label26
block26:
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
  mov x9, x0
  b label1
block1:
  ldr x6, [x1]
  ldr w0, [x1, #8]
  subs wzr, w0, #3
  b.ne label2 ; b label3
block3:
  ldr x5, [x1, #16]
  ldr w0, [x1, #24]
  subs wzr, w0, #3
  b.ne label4 ; b label5
block5:
  ldr x12, [x1, #32]
  ldr w0, [x1, #40]
  subs wzr, w0, #3
  b.ne label6 ; b label7
block7:
  ldr x2, [x1, #48]
  ldr w0, [x1, #56]
  subs wzr, w0, #3
  b.ne label8 ; b label9
block9:
  ldr x3, [x1, #64]
  ldr w0, [x1, #72]
  subs wzr, w0, #3
  b.ne label10 ; b label11
block11:
  ldr x4, [x1, #80]
  ldr w0, [x1, #88]
  subs wzr, w0, #3
  b.ne label12 ; b label13
block13:
  b label14
block14:
  movn x7, #0
  movz x0, #1
  subs xzr, x5, x7
  csel x8, x0, x5, eq
  b label15
block15:
  add x0, x9, #125
  ldarb w0, [x0]
  ands wzr, w0, #255
  b.ne label22 ; b label16
block16:
  cbz x5, label21 ; b label17
block17:
  cbz x8, #trap=int_divz
  adds xzr, x8, #1
  ccmp x4, #1, #nzcv, eq
  b.vs #trap=int_ovf
  sdiv x10, x4, x8
  cbz x2, label20 ; b label18
block18:
  b label19
block19:
  sub x11, xzr, x4
  msub x13, x10, x8, x4
  subs xzr, x13, #0
  cset x0, ne
  eor x13, x13, x8
  subs xzr, x13, #0
  cset x13, lt
  and w0, w0, w13
  sub x13, x10, #1
  ands wzr, w0, #255
  csel x0, x13, x10, ne
  subs xzr, x5, x7
  csel x0, x11, x0, eq
  add x6, x6, x0
  movz x0, #18725
  movk x0, x0, #9362, LSL #16
  movk x0, x0, #37449, LSL #32
  movk x0, x0, #18724, LSL #48
  smulh x0, x4, x0
  asr x0, x0, #1
  lsr x10, x0, #63
  add x0, x0, x10
  movz x10, #7
  msub x4, x0, x10, x4
  subs xzr, x4, #0
  cset x0, ne
  eor x10, x4, #7
  subs xzr, x10, #0
  cset x10, lt
  and w0, w0, w10
  add x10, x4, #7
  ands wzr, w0, #255
  csel x0, x10, x4, ne
  add x6, x6, x0
  add x12, x12, x3
  sub x2, x2, #1
  mov x4, x12
  b label15
block2:
  b label25
block4:
  b label25
block6:
  b label24
block8:
  b label24
block10:
  b label24
block12:
  b label24
block20:
  sub x9, xzr, x4
  msub x0, x10, x8, x4
  subs xzr, x0, #0
  cset x11, ne
  eor x8, x0, x8
  subs xzr, x8, #0
  cset x8, lt
  and w8, w11, w8
  sub x11, x10, #1
  ands wzr, w8, #255
  csel x8, x11, x10, ne
  subs xzr, x5, x7
  csel x5, x9, x8, eq
  add x5, x6, x5
  movz x6, #18725
  movk x6, x6, #9362, LSL #16
  movk x6, x6, #37449, LSL #32
  movk x6, x6, #18724, LSL #48
  smulh x6, x4, x6
  asr x6, x6, #1
  lsr x7, x6, #63
  add x6, x6, x7
  movz x7, #7
  msub x6, x6, x7, x4
  subs xzr, x6, #0
  cset x7, ne
  eor x8, x6, #7
  subs xzr, x8, #0
  cset x8, lt
  and w7, w7, w8
  add x8, x6, #7
  ands wzr, w7, #255
  csel x7, x8, x6, ne
  add x8, x5, x7
  str x8, [x1]
  str x12, [x1, #32]
  str x2, [x1, #48]
  str x3, [x1, #64]
  str x4, [x1, #80]
  str x5, [x1, #96]
  str x7, [x1, #112]
  movz x0, #4
  ldp fp, lr, [sp], #16
  ret
block21:
  movz x0, #3
  b label23
block22:
  movz x0, #2
  b label23
block23:
  str x6, [x1]
  str x12, [x1, #32]
  str x2, [x1, #48]
  str x3, [x1, #64]
  str x4, [x1, #80]
  ldp fp, lr, [sp], #16
  ret
block24:
  movz x0, #1
  b label26
block25:
  movz x0, #0
  b label26
block26:
  ldp fp, lr, [sp], #16
  ret
]==]
