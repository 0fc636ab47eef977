using System;
using System.ComponentModel;
using System.Diagnostics;
using System.IO;
using System.Linq;
using System.Text;
using MeshIoT.Sensors.Display;
using Xunit;

namespace MeshIoT.Sensors.Tests.Display;

/// <summary>The small QR symbols. Truth: zbar, an independent decoder, and what ISO/IEC 18004 prints.</summary>
public class QrCodeTests
{
    /// <summary>ISO/IEC 18004 table 7, byte mode: what versions 1 to 6 hold at L and M.</summary>
    [Theory]
    [InlineData(17, 1, false)]
    [InlineData(14, 1, true)]
    [InlineData(32, 2, false)]
    [InlineData(26, 2, true)]
    [InlineData(53, 3, false)]
    [InlineData(42, 3, true)]
    [InlineData(78, 4, false)]
    [InlineData(62, 4, true)]
    [InlineData(106, 5, false)]
    [InlineData(84, 5, true)]
    [InlineData(134, 6, false)]
    [InlineData(106 + 1, 6, false)]
    public void A_symbol_is_as_small_as_its_text_allows_and_as_sturdy_as_that_leaves_free(int length, int version, bool isMedium)
    {
        QrCode code = QrCode.TryEncode(new string('x', length))!;
        Assert.Equal((version, isMedium, 17 + (4 * version)), (code.Version, code.IsMedium, code.Size));
        Assert.Null(QrCode.TryEncode(new string('x', QrCode.MostBytes + 1)));
    }

    /// <summary>ISO/IEC 18004 annex I.3: check bytes of the symbol "01234567", version 1-M.</summary>
    [Fact]
    public void Check_bytes_are_those_of_the_standards_example() => Assert.Equal(
        "A524D4C1ED36C7872C55",
        Convert.ToHexString(ReedSolomon.Check([0x10, 0x20, 0x0C, 0x56, 0x61, 0x80, 0xEC, 0x11, 0xEC, 0x11, 0xEC, 0x11, 0xEC, 0x11, 0xEC, 0x11], 10)));

    [Theory]
    [InlineData(1)]
    [InlineData(14)]
    [InlineData(25)]
    [InlineData(42)]
    [InlineData(53)]
    [InlineData(60)]
    [InlineData(78)]
    [InlineData(84)]
    [InlineData(100)]
    [InlineData(106)]
    [InlineData(120)]
    [InlineData(134)]
    public void Zbar_reads_every_version_and_level_from_a_picture(int length)
    {
        string text = string.Concat(Enumerable.Range(0, length).Select(i => (char)('!' + ((i * 7) % 90))));
        QrCode code = QrCode.TryEncode(text)!;
        int side = code.Size + 8;
        Assert.Equal(text, Decode(side, side, (x, y) => !code[x - 4, y - 4]));
    }

    [Theory]
    [InlineData("http://192.168.1.10/login/7K2M9XQPT4", 64)]
    [InlineData("http://192.168.1.10:8080/login/7K2M9XQPT4VB", 64)]
    [InlineData("https://coordinator.example.net/login/7K2M9XQPT4VBNRWZ3HCJ", 64)]
    [InlineData("http://10.0.0.2/a/7K2M9XQPT4", 32)]
    public void A_camera_that_looks_at_the_display_reads_the_login_page(string url, int height)
    {
        Canvas canvas = new StatusPage("greenhouse", ["scan to let it in"], url).Draw(Ssd1306.Width, height);

        // What surrounds the panel is dark.
        Assert.Equal(url, Decode(canvas.Width + 8, canvas.Height + 8, (x, y) => canvas[x - 4, y - 4]));
    }

    [Fact]
    public void A_code_that_does_not_fit_is_shown_as_text()
    {
        string url = "https://" + new string('a', 70);
        Canvas canvas = new StatusPage("pi", [], url).Draw(Ssd1306.Width, 32), text = new StatusPage("pi", [url]).Draw(Ssd1306.Width, 32);
        Assert.Equal(text.Bytes, canvas.Bytes);
    }

    // Each dot becomes 6 × 6 points of a portable graymap: the photograph.
    static string Decode(int width, int height, Func<int, int, bool> isLit)
    {
        const int Scale = 6;
        string file = Path.Combine(Path.GetTempPath(), $"meshiot-qr-{Guid.NewGuid():N}.pgm");
        using (FileStream picture = File.Create(file))
        {
            picture.Write(Encoding.ASCII.GetBytes($"P5 {width * Scale} {height * Scale} 255\n"));
            for (int y = 0; y < height * Scale; y++)
            {
                for (int x = 0; x < width * Scale; x++)
                {
                    picture.WriteByte(isLit(x / Scale, y / Scale) ? (byte)255 : (byte)0);
                }
            }
        }

        try
        {
            ProcessStartInfo start = new("zbarimg", ["--raw", "-q", "--nodbus", "-Sdisable", "-Sqrcode.enable", file]) { RedirectStandardOutput = true, RedirectStandardError = true };
            using Process zbar = Process.Start(start)!;
            string text = zbar.StandardOutput.ReadToEnd();
            zbar.WaitForExit();
            return text.TrimEnd('\n');
        }
        catch (Win32Exception)
        {
            Assert.Skip("zbarimg is not installed (apt-get install zbar-tools)");
            return "";
        }
        finally
        {
            File.Delete(file);
        }
    }
}
