//! The instructions of x86-64, by what they do.

use iced_x86::Code;

use crate::isa::Isa;
use crate::machine::Do;

/// An instruction as iced knows it.
pub struct Form {
    pub code: Code,
    pub imm: Option<i32>,
    /// AVX-512: an operand in memory may be one lane, spread to all.
    pub spreads: bool,
}

/// The form of what has one instruction: not of moves, `fround`, gathers, and what has an effect.
pub fn form(what: Do, isa: Isa) -> Form {
    let (code, imm) = match isa {
        Isa::Avx2 => avx2(what),
        Isa::Avx512 => avx512(what),
    };
    Form {
        code,
        imm: imm.map(i32::from),
        spreads: !matches!(what, Do::Keep),
    }
}

fn avx2(what: Do) -> (Code, Option<u8>) {
    let code = match what {
        Do::Add => Code::VEX_Vaddpd_ymm_ymm_ymmm256,
        Do::Sub => Code::VEX_Vsubpd_ymm_ymm_ymmm256,
        Do::Mul => Code::VEX_Vmulpd_ymm_ymm_ymmm256,
        Do::Div => Code::VEX_Vdivpd_ymm_ymm_ymmm256,
        Do::Min => Code::VEX_Vminpd_ymm_ymm_ymmm256,
        Do::Max => Code::VEX_Vmaxpd_ymm_ymm_ymmm256,
        Do::Sqrt => Code::VEX_Vsqrtpd_ymm_ymmm256,
        Do::Round(mode) => return (Code::VEX_Vroundpd_ymm_ymmm256_imm8, Some(mode)),
        Do::Compare(predicate) => return (Code::VEX_Vcmppd_ymm_ymm_ymmm256_imm8, Some(predicate)),
        Do::And => Code::VEX_Vandpd_ymm_ymm_ymmm256,
        Do::AndNot => Code::VEX_Vandnpd_ymm_ymm_ymmm256,
        Do::Or => Code::VEX_Vorpd_ymm_ymm_ymmm256,
        Do::Xor => Code::VEX_Vxorpd_ymm_ymm_ymmm256,
        Do::AddQ => Code::VEX_Vpaddq_ymm_ymm_ymmm256,
        Do::SubQ => Code::VEX_Vpsubq_ymm_ymm_ymmm256,
        Do::ShlQ(count) => return (Code::VEX_Vpsllq_ymm_ymm_imm8, Some(count)),
        Do::ShrQ(count) => return (Code::VEX_Vpsrlq_ymm_ymm_imm8, Some(count)),
        Do::GreaterQ => Code::VEX_Vpcmpgtq_ymm_ymm_ymmm256,
        Do::AddD => Code::VEX_Vpaddd_ymm_ymm_ymmm256,
        Do::SubD => Code::VEX_Vpsubd_ymm_ymm_ymmm256,
        Do::LesserD => Code::VEX_Vpminud_ymm_ymm_ymmm256,
        Do::MulD => Code::VEX_Vpmuludq_ymm_ymm_ymmm256,
        Do::ShlD(count) => return (Code::VEX_Vpslld_ymm_ymm_imm8, Some(count)),
        Do::ShrD(count) => return (Code::VEX_Vpsrld_ymm_ymm_imm8, Some(count)),
        Do::SarD(count) => return (Code::VEX_Vpsrad_ymm_ymm_imm8, Some(count)),
        Do::ShlVD => Code::VEX_Vpsllvd_ymm_ymm_ymmm256,
        Do::ShrVD => Code::VEX_Vpsrlvd_ymm_ymm_ymmm256,
        Do::SarVD => Code::VEX_Vpsravd_ymm_ymm_ymmm256,
        Do::EqualD => Code::VEX_Vpcmpeqd_ymm_ymm_ymmm256,
        Do::GreaterD => Code::VEX_Vpcmpgtd_ymm_ymm_ymmm256,
        Do::EvenD => return (Code::VEX_Vpshufd_ymm_ymmm256_imm8, Some(0b1010_0000)),
        Do::BlendD => return (Code::VEX_Vpblendd_ymm_ymm_ymmm256_imm8, Some(0b1010_1010)),
        Do::Blend => Code::VEX_Vblendvpd_ymm_ymm_ymmm256_ymm,
        _ => unreachable!("{what:?} is no instruction of AVX2"),
    };
    (code, None)
}

fn avx512(what: Do) -> (Code, Option<u8>) {
    let code = match what {
        Do::Add => Code::EVEX_Vaddpd_zmm_k1z_zmm_zmmm512b64_er,
        Do::Sub => Code::EVEX_Vsubpd_zmm_k1z_zmm_zmmm512b64_er,
        Do::Mul => Code::EVEX_Vmulpd_zmm_k1z_zmm_zmmm512b64_er,
        Do::Div => Code::EVEX_Vdivpd_zmm_k1z_zmm_zmmm512b64_er,
        Do::Min => Code::EVEX_Vminpd_zmm_k1z_zmm_zmmm512b64_sae,
        Do::Max => Code::EVEX_Vmaxpd_zmm_k1z_zmm_zmmm512b64_sae,
        Do::Sqrt => Code::EVEX_Vsqrtpd_zmm_k1z_zmmm512b64_er,
        Do::Round(mode) => return (Code::EVEX_Vrndscalepd_zmm_k1z_zmmm512b64_imm8_sae, Some(mode)),
        Do::Compare(predicate) => return (Code::EVEX_Vcmppd_kr_k1_zmm_zmmm512b64_imm8_sae, Some(predicate)),
        Do::Scale => Code::EVEX_Vscalefpd_zmm_k1z_zmm_zmmm512b64_er,
        Do::Range(which) => return (Code::EVEX_Vrangepd_zmm_k1z_zmm_zmmm512b64_imm8_sae, Some(which)),
        Do::And => Code::EVEX_Vandpd_zmm_k1z_zmm_zmmm512b64,
        Do::AndNot => Code::EVEX_Vandnpd_zmm_k1z_zmm_zmmm512b64,
        Do::Or => Code::EVEX_Vorpd_zmm_k1z_zmm_zmmm512b64,
        Do::Xor => Code::EVEX_Vxorpd_zmm_k1z_zmm_zmmm512b64,
        Do::AddQ => Code::EVEX_Vpaddq_zmm_k1z_zmm_zmmm512b64,
        Do::SubQ => Code::EVEX_Vpsubq_zmm_k1z_zmm_zmmm512b64,
        Do::ShlQ(count) => return (Code::EVEX_Vpsllq_zmm_k1z_zmmm512b64_imm8, Some(count)),
        Do::ShrQ(count) => return (Code::EVEX_Vpsrlq_zmm_k1z_zmmm512b64_imm8, Some(count)),
        Do::CompareQ(predicate) => return (Code::EVEX_Vpcmpq_kr_k1_zmm_zmmm512b64_imm8, Some(predicate)),
        Do::Signs => Code::EVEX_Vpmovq2m_kr_zmm,
        Do::AddD => Code::EVEX_Vpaddd_zmm_k1z_zmm_zmmm512b32,
        Do::SubD => Code::EVEX_Vpsubd_zmm_k1z_zmm_zmmm512b32,
        Do::LesserD => Code::EVEX_Vpminud_zmm_k1z_zmm_zmmm512b32,
        Do::MulD => Code::EVEX_Vpmuludq_zmm_k1z_zmm_zmmm512b64,
        Do::ShlD(count) => return (Code::EVEX_Vpslld_zmm_k1z_zmmm512b32_imm8, Some(count)),
        Do::ShrD(count) => return (Code::EVEX_Vpsrld_zmm_k1z_zmmm512b32_imm8, Some(count)),
        Do::SarD(count) => return (Code::EVEX_Vpsrad_zmm_k1z_zmmm512b32_imm8, Some(count)),
        Do::ShlVD => Code::EVEX_Vpsllvd_zmm_k1z_zmm_zmmm512b32,
        Do::ShrVD => Code::EVEX_Vpsrlvd_zmm_k1z_zmm_zmmm512b32,
        Do::SarVD => Code::EVEX_Vpsravd_zmm_k1z_zmm_zmmm512b32,
        Do::LeadingZerosD => Code::EVEX_Vplzcntd_zmm_k1z_zmmm512b32,
        Do::Blend => Code::EVEX_Vblendmpd_zmm_k1z_zmm_zmmm512b64,
        Do::Keep => Code::EVEX_Vmovapd_zmm_k1z_zmmm512,
        Do::MaskAnd => Code::VEX_Kandb_kr_kr_kr,
        Do::MaskAndNot => Code::VEX_Kandnb_kr_kr_kr,
        Do::MaskOr => Code::VEX_Korb_kr_kr_kr,
        Do::MaskXor | Do::MaskConstant(false) => Code::VEX_Kxorb_kr_kr_kr,
        Do::MaskNot => Code::VEX_Knotb_kr_kr,
        Do::MaskConstant(true) => Code::VEX_Kxnorb_kr_kr_kr,
        _ => unreachable!("{what:?} is no instruction of AVX-512"),
    };
    (code, None)
}
