; Shape { isa: Avx2, vectors: 2, spills: 0, code_bytes: 137 }
entry:
0000 push rbp
0001 push rbx
0002 push r12
0004 push r13
0006 push r14
0008 push r15
000a mov rbp,rsp
000d and rsp,0FFFFFFFFFFFFFFC0h
0011 sub rsp,0
0018 mov r11,[rdi]
001c mov rdx,[r11]
0020 mov rsi,[r11+8]
0024 mov rbx,[r11+10h]
0028 mov r8,[rdi+10h]
002c mov r9,[rdi+8]
0030 mov r10,[rdi+28h]
0034 xor eax,eax
0036 vmovupd ymm0,[rdx+rax]
003c vmulpd ymm0,ymm0,[rsi+rax]
0042 vaddpd ymm0,ymm0,[rbx+rax]
0048 vmovupd ymm1,[rdx+rax+20h]
004e vmulpd ymm1,ymm1,[rsi+rax+20h]
0054 vaddpd ymm1,ymm1,[rbx+rax+20h]
005a vmovupd [r9+rax],ymm0
0061 vmovupd [r9+rax+20h],ymm1
0068 add rax,40h
006f cmp rax,r8
0072 jb 0000000000000036h
0078 vzeroupper
007b mov rsp,rbp
007e pop r15
0080 pop r14
0082 pop r13
0084 pop r12
0086 pop rbx
0087 pop rbp
0088 ret
