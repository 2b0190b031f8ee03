//! What the second factor answers.

use jiff::Timestamp;
use qrcode::{EcLevel, QrCode, render::svg};
use serde::Serialize;
use unionhall_application::second_factors::{Enrolment, RecoveryCodes, Standing, State};
use unionhall_domain::second_factors::{TrustedDevice, TrustedDeviceId};
use utoipa::ToSchema;

use super::super::{choices::SecondFactorStateName, shown::Shown};
use crate::web::problem::Problem;

/// How wide and high the picture is at least, in pixels: large enough for the camera of an old phone.
const PICTURE: u32 = 240;

/// How somebody stands with the second factor.
#[derive(Serialize, ToSchema)]
#[schema(as = SecondFactor)]
pub(super) struct StandingView {
    /// Whether there is one.
    #[schema(value_type = SecondFactorStateName)]
    state: &'static str,
    /// When it was set up.
    #[schema(value_type = Option<String>, required = true, format = DateTime)]
    confirmed_at: Option<Shown<Timestamp>>,
    /// How many recovery codes are left.
    #[schema(minimum = 0, maximum = 10)]
    recovery_codes_left: u64,
    /// Whether a role that is held in this tenant needs one.
    required: bool,
    /// The devices on which the password alone is enough, newest first.
    trusted_devices: Vec<TrustedDeviceView>,
}

impl From<&Standing> for StandingView {
    fn from(standing: &Standing) -> Self {
        let Standing {
            state,
            required,
            devices,
        } = standing;
        let (state, confirmed_at, recovery_codes_left) = match state {
            State::None => ("none", None, 0),
            State::Begun(_) => ("begun", None, 0),
            State::Confirmed { at, recovery_codes } => ("confirmed", Some(*at), *recovery_codes),
        };
        Self {
            state,
            confirmed_at: confirmed_at.map(Shown),
            recovery_codes_left,
            required: *required,
            trusted_devices: devices.iter().map(TrustedDeviceView::from).collect(),
        }
    }
}

/// A secret on its way to a phone.
#[derive(Serialize, ToSchema)]
#[schema(as = SecondFactorEnrolment)]
pub(super) struct EnrolmentView {
    /// The secret to type where there is no camera: base32 (RFC 4648 §6), 160 bits.
    #[schema(example = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ")]
    secret: String,
    /// What the picture says.
    otpauth_uri: String,
    /// The picture for the phone's camera, as SVG.
    qr_code_svg: String,
}

impl EnrolmentView {
    /// The secret in its three forms.
    pub(super) fn of(enrolment: &Enrolment) -> Result<Self, Problem> {
        let Enrolment { secret, account } = enrolment;
        let otpauth_uri = secret.otpauth_uri(account);
        let code = QrCode::with_error_correction_level(&otpauth_uri, EcLevel::M)
            .map_err(|error| Problem::internal(&error))?;
        let picture = code.render::<svg::Color<'_>>();
        Ok(Self {
            secret: secret.base32(),
            qr_code_svg: { picture }.min_dimensions(PICTURE, PICTURE).build(),
            otpauth_uri,
        })
    }
}

/// A set of recovery codes.
#[derive(Serialize, ToSchema)]
#[schema(as = RecoveryCodes)]
pub(super) struct RecoveryCodesView {
    /// Each stands in for the phone once.
    #[schema(example = json!(["ABCD-EFGH-2345-WXYZ-IJKL-MNOP"]))]
    recovery_codes: Vec<String>,
}

impl From<&RecoveryCodes> for RecoveryCodesView {
    fn from(codes: &RecoveryCodes) -> Self {
        let RecoveryCodes(codes) = codes;
        Self {
            recovery_codes: codes.iter().map(|code| code.grouped()).collect(),
        }
    }
}

/// A device on which the password alone is enough for a while.
#[derive(Serialize, ToSchema)]
#[schema(as = TrustedDevice)]
pub(super) struct TrustedDeviceView {
    /// Its id.
    #[schema(value_type = String, format = "uuid")]
    id: Shown<TrustedDeviceId>,
    /// What it said it was.
    #[schema(required = true)]
    device: Option<String>,
    /// When it was trusted.
    #[schema(value_type = String, format = DateTime)]
    created_at: Shown<Timestamp>,
    /// When it last stood in for a code.
    #[schema(value_type = Option<String>, required = true, format = DateTime)]
    last_used_at: Option<Shown<Timestamp>>,
    /// From when it is trusted no more.
    #[schema(value_type = String, format = DateTime)]
    expires_at: Shown<Timestamp>,
}

impl From<&TrustedDevice> for TrustedDeviceView {
    fn from(device: &TrustedDevice) -> Self {
        let TrustedDevice {
            id,
            user: _,
            label,
            created_at,
            last_used_at,
            expires_at,
        } = device;
        Self {
            id: Shown(*id),
            device: label.clone(),
            created_at: Shown(*created_at),
            last_used_at: last_used_at.map(Shown),
            expires_at: Shown(*expires_at),
        }
    }
}

/// The trusted devices of a person.
#[derive(Serialize, ToSchema)]
#[schema(as = TrustedDevices)]
pub(super) struct TrustedDevicesView {
    /// All of them, newest first.
    items: Vec<TrustedDeviceView>,
}

impl From<&[TrustedDevice]> for TrustedDevicesView {
    fn from(devices: &[TrustedDevice]) -> Self {
        Self {
            items: devices.iter().map(TrustedDeviceView::from).collect(),
        }
    }
}
