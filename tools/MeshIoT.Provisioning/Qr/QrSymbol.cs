using System;
using QRCoder;

namespace MeshIoT.Provisioning;

/// <summary>
/// A QR code as a square of dark and light modules, without its quiet zone. Renderers add the four light modules
/// on each side that ISO/IEC 18004 section 6.3.8 asks for.
/// </summary>
public sealed class QrSymbol
{
    /// <summary>Light modules on each side that every rendering carries.</summary>
    public const int QuietZone = 4;

    const int MaxTextLength = 2048;

    readonly bool[] dark;

    QrSymbol(int size, bool[] dark, QrErrorLevel level) => (Size, this.dark, Level) = (size, dark, level);

    /// <summary>Modules per side.</summary>
    public int Size { get; }

    /// <summary>The error level that was used.</summary>
    public QrErrorLevel Level { get; }

    /// <summary>True when the module is dark; everything outside the symbol is light.</summary>
    public bool IsDark(int x, int y) => x >= 0 && y >= 0 && x < Size && y < Size && dark[(y * Size) + x];

    /// <summary>Encodes <paramref name="text"/>, at most 2048 characters, at <paramref name="level"/>.</summary>
    public static QrSymbol Encode(string text, QrErrorLevel level)
    {
        ArgumentOutOfRangeException.ThrowIfZero(text.Length);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(text.Length, MaxTextLength);
        using QRCodeData data = QRCodeGenerator.GenerateQrCode(text, ToQrCoder(level));

        // QRCoder's matrix has the quiet zone around it already.
        int size = data.ModuleMatrix.Count - (2 * QuietZone);
        bool[] dark = new bool[size * size];
        for (int y = 0; y < size; y++)
        {
            for (int x = 0; x < size; x++)
            {
                dark[(y * size) + x] = data.ModuleMatrix[y + QuietZone][x + QuietZone];
            }
        }

        return new QrSymbol(size, dark, level);
    }

    /// <summary>Encodes <paramref name="text"/> as small as it goes, with the strongest error level that costs no module.</summary>
    public static QrSymbol EncodeSmallest(string text)
    {
        QrSymbol best = Encode(text, QrErrorLevel.Low);
        for (QrErrorLevel level = QrErrorLevel.Medium; level <= QrErrorLevel.High; level++)
        {
            QrSymbol stronger;
            try
            {
                stronger = Encode(text, level);
            }
            catch (QRCoder.Exceptions.DataTooLongException)
            {
                break;
            }

            if (stronger.Size > best.Size)
            {
                break;
            }

            best = stronger;
        }

        return best;
    }

    static QRCodeGenerator.ECCLevel ToQrCoder(QrErrorLevel level) => level switch
    {
        QrErrorLevel.Low => QRCodeGenerator.ECCLevel.L,
        QrErrorLevel.Medium => QRCodeGenerator.ECCLevel.M,
        QrErrorLevel.Quartile => QRCodeGenerator.ECCLevel.Q,
        _ => QRCodeGenerator.ECCLevel.H,
    };
}
