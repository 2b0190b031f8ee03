//! Reads pictures that people send and makes new ones of them: what was in the file beside the picture is gone.
//!
//! A picture is read only after its head has said how large it is, and with a bound on the memory that reading may
//! take, so that a small file cannot unfold into a large one.
#![warn(missing_docs)]

use std::io::Cursor;

use image::{
    DynamicImage, ImageDecoder, ImageError, ImageFormat, ImageReader, Limits,
    codecs::jpeg::JpegEncoder, imageops::FilterType,
};
use unionhall_ports::pictures::{Picture, PictureFormat, PictureProblem, PictureReader};

/// The longest side of a picture that is read, in pixels.
const LONGEST_READ: u32 = 12_000;
/// The most pixels of a picture that is read: more than the cameras of telephones give.
const MOST_PIXELS: u64 = 64_000_000;
/// The most memory that reading may take, in bytes: four bytes for each pixel, and what the reader needs itself.
const MOST_MEMORY: u64 = 384 * 1024 * 1024;
/// The longest side of a picture that is made, in pixels.
const LONGEST_MADE: u32 = 1_024;
/// How well a photograph is kept, of 100.
const QUALITY: u8 = 85;

/// Reads JPEG, PNG and WebP; makes PNG of what can be seen through, and JPEG of everything else.
#[derive(Debug, Clone, Copy, Default)]
pub struct Pictures;

impl PictureReader for Pictures {
    fn read(&self, bytes: &[u8], format: PictureFormat) -> Result<Picture, PictureProblem> {
        self.shrink(bytes, format, LONGEST_MADE)
    }

    fn shrink(
        &self,
        bytes: &[u8],
        format: PictureFormat,
        longest: u32,
    ) -> Result<Picture, PictureProblem> {
        let mut reader = ImageReader::with_format(Cursor::new(bytes), known(format));
        let mut limits = Limits::default();
        limits.max_image_width = Some(LONGEST_READ);
        limits.max_image_height = Some(LONGEST_READ);
        limits.max_alloc = Some(MOST_MEMORY);
        reader.limits(limits);
        let mut decoder = reader.into_decoder().map_err(|error| refused(&error))?;
        let (width, height) = decoder.dimensions();
        if u64::from(width).saturating_mul(u64::from(height)) > MOST_PIXELS {
            return Err(PictureProblem::TooManyPixels);
        }
        // A telephone that was held upright says so here, and nowhere in the pixels.
        let orientation = decoder.orientation().map_err(|error| refused(&error))?;
        let mut picture = DynamicImage::from_decoder(decoder).map_err(|error| refused(&error))?;
        picture.apply_orientation(orientation);
        if picture.width().max(picture.height()) > longest {
            picture = picture.resize(longest, longest, FilterType::Triangle);
        }
        made(&picture)
    }
}

/// The new file of a picture.
fn made(picture: &DynamicImage) -> Result<Picture, PictureProblem> {
    let (width, height) = (picture.width(), picture.height());
    let mut bytes = Vec::new();
    let (written, format) = if picture.color().has_alpha() {
        let clear = DynamicImage::ImageRgba8(picture.to_rgba8());
        let written = clear.write_to(&mut Cursor::new(&mut bytes), ImageFormat::Png);
        (written, PictureFormat::Png)
    } else {
        let plain = picture.to_rgb8();
        let written = JpegEncoder::new_with_quality(&mut bytes, QUALITY).encode_image(&plain);
        (written, PictureFormat::Jpeg)
    };
    written.map_err(|error| refused(&error))?;
    Ok(Picture {
        bytes,
        format,
        width,
        height,
    })
}

const fn known(format: PictureFormat) -> ImageFormat {
    match format {
        PictureFormat::Jpeg => ImageFormat::Jpeg,
        PictureFormat::Png => ImageFormat::Png,
        PictureFormat::Webp => ImageFormat::WebP,
    }
}

fn refused(error: &ImageError) -> PictureProblem {
    match error {
        ImageError::Limits(_) => PictureProblem::TooManyPixels,
        ImageError::Decoding(_)
        | ImageError::Encoding(_)
        | ImageError::Parameter(_)
        | ImageError::Unsupported(_)
        | ImageError::IoError(_) => PictureProblem::Unreadable,
    }
}

#[cfg(test)]
mod tests {
    use image::{GrayImage, Rgb, RgbImage, Rgba, RgbaImage};

    use super::*;

    fn file(picture: &DynamicImage, format: ImageFormat) -> Vec<u8> {
        let mut bytes = Vec::new();
        picture
            .write_to(&mut Cursor::new(&mut bytes), format)
            .unwrap();
        bytes
    }

    fn photograph(width: u32, height: u32) -> DynamicImage {
        RgbImage::from_pixel(width, height, Rgb([200, 30, 30])).into()
    }

    /// The same JPEG with an EXIF block (Exif 2.3 §4.5.4) that says how the camera was held, and a secret.
    fn with_exif(jpeg: &[u8], orientation: u8) -> Vec<u8> {
        let mut exif = b"Exif\0\0MM\0\x2a\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0".to_vec();
        exif.extend([orientation, 0, 0, 0, 0, 0, 0]);
        exif.extend(b"GPS 47.6 N 122.3 W");
        let length = u16::try_from(exif.len() + 2).unwrap().to_be_bytes();
        let (start, rest) = jpeg.split_at(2);
        [start, &[0xff, 0xe1], &length, &exif, rest].concat()
    }

    #[test]
    fn a_picture_is_made_as_small_as_is_wanted_in_its_proportions() {
        let bytes = file(&photograph(800, 400), ImageFormat::Png);
        let small = Pictures.shrink(&bytes, PictureFormat::Png, 100).unwrap();
        assert_eq!((small.width, small.height), (100, 50));
        let as_it_was = Pictures.shrink(&bytes, PictureFormat::Png, 900).unwrap();
        assert_eq!((as_it_was.width, as_it_was.height), (800, 400));
    }

    #[test]
    fn a_picture_of_each_format_is_made_anew_and_keeps_its_sides() {
        for (format, kind) in [
            (ImageFormat::Jpeg, PictureFormat::Jpeg),
            (ImageFormat::Png, PictureFormat::Png),
            (ImageFormat::WebP, PictureFormat::Webp),
        ] {
            let picture = Pictures
                .read(&file(&photograph(40, 20), format), kind)
                .unwrap();
            assert_eq!((picture.width, picture.height), (40, 20));
            assert_eq!(picture.format, PictureFormat::Jpeg);
            assert!(picture.bytes.starts_with(&[0xff, 0xd8]));
        }
    }

    #[test]
    fn what_can_be_seen_through_stays_so() {
        let logo = RgbaImage::from_pixel(8, 8, Rgba([0, 0, 200, 90])).into();
        let made = Pictures.read(&file(&logo, ImageFormat::Png), PictureFormat::Png);
        let made = made.unwrap();
        assert_eq!(made.format, PictureFormat::Png);
        let again = image::load_from_memory(&made.bytes).unwrap();
        assert_eq!(again.to_rgba8().get_pixel(3, 3), &Rgba([0, 0, 200, 90]));
    }

    #[test]
    fn a_large_picture_is_made_smaller_and_keeps_its_proportions() {
        let large = file(&photograph(4_096, 1_024), ImageFormat::Jpeg);
        let made = Pictures.read(&large, PictureFormat::Jpeg).unwrap();
        assert_eq!((made.width, made.height), (1_024, 256));
    }

    #[test]
    fn how_the_camera_was_held_is_applied_and_what_else_it_said_is_gone() {
        let held_upright = with_exif(&file(&photograph(40, 20), ImageFormat::Jpeg), 6);
        let made = Pictures.read(&held_upright, PictureFormat::Jpeg).unwrap();
        assert_eq!((made.width, made.height), (20, 40));
        for said in [b"Exif".as_slice(), b"GPS"] {
            assert!(!made.bytes.windows(said.len()).any(|part| part == said));
        }
    }

    #[test]
    fn a_file_that_would_unfold_into_very_many_pixels_is_refused_by_its_head() {
        // One colour, so that the file is small.
        let bomb: DynamicImage = GrayImage::new(8_100, 8_100).into();
        let bomb = file(&bomb, ImageFormat::Png);
        assert!(bomb.len() < 1_000_000);
        let refused = Pictures.read(&bomb, PictureFormat::Png).unwrap_err();
        assert_eq!(refused, PictureProblem::TooManyPixels);
        // A head alone that promises more than may be read.
        let mut head = file(&photograph(10, 10), ImageFormat::Png);
        head[16..24].copy_from_slice(&[0x7f, 0xff, 0xff, 0xff, 0x7f, 0xff, 0xff, 0xff]);
        assert!(Pictures.read(&head, PictureFormat::Png).is_err());
    }

    #[test]
    fn what_is_no_picture_of_its_format_is_refused() {
        let jpeg = file(&photograph(10, 10), ImageFormat::Jpeg);
        for (bytes, format) in [
            (b"<svg onload=alert(1)>".as_slice(), PictureFormat::Png),
            (b"", PictureFormat::Jpeg),
            (&jpeg, PictureFormat::Webp),
            (&jpeg[..40], PictureFormat::Jpeg),
        ] {
            let refused = Pictures.read(bytes, format).unwrap_err();
            assert_eq!(refused, PictureProblem::Unreadable);
        }
    }
}
