using System;
using System.Globalization;
using System.Text;

namespace MeshIoT.Provisioning;

/// <summary>A QR code as a picture, quiet zone included.</summary>
public static class QrImage
{
    const int MaxPixelsPerModule = 64;

    /// <summary>An SVG document of <paramref name="millimetresPerModule"/> a module, black on white; 0.5 mm reads well in print.</summary>
    public static string Svg(QrSymbol symbol, double millimetresPerModule = 0.5)
    {
        int side = symbol.Size + (2 * QrSymbol.QuietZone);
        string size = (side * millimetresPerModule).ToString("0.###", CultureInfo.InvariantCulture);
        StringBuilder svg = new();
        svg.Append(CultureInfo.InvariantCulture, $"<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{size}mm\" height=\"{size}mm\" viewBox=\"0 0 {side} {side}\" shape-rendering=\"crispEdges\">");
        svg.Append(CultureInfo.InvariantCulture, $"<path fill=\"#fff\" d=\"M0 0h{side}v{side}H0z\"/><path d=\"");
        for (int y = 0; y < symbol.Size; y++)
        {
            for (int x = 0; x < symbol.Size; x++)
            {
                int run = 0;
                while (symbol.IsDark(x + run, y))
                {
                    run++;
                }

                if (run > 0)
                {
                    svg.Append(CultureInfo.InvariantCulture, $"M{x + QrSymbol.QuietZone} {y + QrSymbol.QuietZone}h{run}v1h-{run}z");
                    x += run;
                }
            }
        }

        return svg.Append("\"/></svg>\n").ToString();
    }

    /// <summary>A one-bit PNG of <paramref name="pixelsPerModule"/> (1 to 64) a module, black on white.</summary>
    public static byte[] Png(QrSymbol symbol, int pixelsPerModule = 8)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(pixelsPerModule, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(pixelsPerModule, MaxPixelsPerModule);
        return PngWriter.Write((symbol.Size + (2 * QrSymbol.QuietZone)) * pixelsPerModule, (x, y) =>
            symbol.IsDark((x / pixelsPerModule) - QrSymbol.QuietZone, (y / pixelsPerModule) - QrSymbol.QuietZone));
    }
}
