using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using MeshIoT.Health;
using MeshIoT.Sensors.Display;
using MeshIoT.Sensors.Tests.Bus;
using Xunit;

namespace MeshIoT.Sensors.Tests.Display;

/// <summary>The status display on a fake bus: what its memory holds is what a person sees. Truth: SSD1306 rev 1.1 §8.7, §9, §10.</summary>
public class DisplayTests
{
    static readonly StatusPage Page = new("greenhouse", ["100.64.0.7", "up"]);

    static Canvas Draw(StatusPage page, int height = 64) => page.Draw(Ssd1306.Width, height);

    [Theory]
    [InlineData(64, 0x12)]
    [InlineData(32, 0x02)]
    public void What_is_drawn_is_in_the_displays_memory_and_the_display_is_lit(int height, byte wiredAs)
    {
        FakeOled oled = new();
        using Ssd1306 display = new(new FakeWiring().With(0x3C, oled), 1, 0x3C, height, false, 0x7F);
        Canvas picture = Draw(Page, height);
        Assert.Null(display.Show(picture));
        Assert.True(oled.IsOn);
        Assert.Equal((wiredAs, (byte)(height - 1)), (oled.WiredAs, oled.Multiplex));
        Assert.Equal(picture.Bytes, oled.Memory.Take(picture.Bytes.Length));
        Assert.Contains("display is off until its first picture is there", oled.Story);
    }

    [Fact]
    public void Only_pages_that_changed_are_sent_and_nothing_when_nothing_changed()
    {
        FakeOled oled = new();
        using Ssd1306 display = new(new FakeWiring().With(0x3C, oled), 1, 0x3C, 64, false, 0x7F);
        display.Show(Draw(Page));
        int sent = oled.Dots;
        Assert.Equal(1024, sent);
        display.Show(Draw(Page));
        Assert.Equal(sent, oled.Dots);
        Canvas changed = Draw(Page with { Lines = ["100.64.0.7", "down"] });
        display.Show(changed);
        Assert.Equal(sent + 128, oled.Dots);
        Assert.Equal(changed.Bytes, oled.Memory);
    }

    [Fact]
    public void A_display_that_lost_its_power_or_its_wire_comes_back_whole()
    {
        FakeOled oled = new();
        FakeWiring wiring = new FakeWiring().With(0x3C, oled);
        using Ssd1306 display = new(wiring, 1, 0x3C, 64, false, 0x7F);
        display.Show(Draw(Page));
        oled.PowerCycle();
        Assert.Null(display.Show(Draw(Page)));
        Assert.Equal((true, Convert.ToHexString(Draw(Page).Bytes)), (oled.IsOn, Convert.ToHexString(oled.Memory)));

        wiring.Breaks = _ => throw new IOException("Error 121 performing I2C data transfer.");
        Assert.Equal(Faults.DisplaySilent.Code, display.Show(Draw(Page))!.Fault.Code);
        oled.PowerCycle();
        wiring.Breaks = null;
        Assert.Null(display.Show(Draw(Page)));
        Assert.Equal(Draw(Page).Bytes, oled.Memory);
    }

    [Fact]
    public void When_the_gateway_stops_its_display_goes_dark()
    {
        FakeOled oled = new();
        Ssd1306 display = new(new FakeWiring().With(0x3C, oled), 1, 0x3C, 64, false, 0x7F);
        display.Show(Draw(Page));
        display.Dispose();
        Assert.False(oled.IsOn);
    }

    [Fact]
    public void Text_is_drawn_dot_by_dot_and_long_lines_break_at_spaces()
    {
        Canvas canvas = new(16, 8);
        canvas.Text(0, 0, "H!");
        string[] rows = [.. Enumerable.Range(0, 8).Select(y => string.Concat(Enumerable.Range(0, 12).Select(x => canvas[x, y] ? '#' : '.')))];
        Assert.Equal(["#...#...#...", "#...#...#...", "#...#...#...", "#####...#...", "#...#...#...", "#...#.......", "#...#...#...", "............"], rows);

        // 21 columns: "not in a tailnet: run" and "meshiot up".
        Canvas page = Draw(new StatusPage("pi", ["not in a tailnet: run meshiot up"])), lines = Draw(new StatusPage("pi", ["not in a tailnet: run", "meshiot up"]));
        Assert.Equal(lines.Bytes, page.Bytes);
    }

    [Fact]
    public void Every_printable_character_has_a_glyph_of_its_own()
    {
        HashSet<string> seen = [];
        for (char c = ' '; c <= '~'; c++)
        {
            Assert.True(seen.Add(Convert.ToHexString(Font.Glyph(c))), $"'{c}' looks like another character");
        }

        Assert.True(seen.Add(Convert.ToHexString(Font.Glyph('°'))));
        Assert.Equal(Convert.ToHexString(Font.Glyph('\n')), Convert.ToHexString(Font.Glyph('語')));
    }

    /// <summary>An SSD1306: commands and dots as §8.1.5.2 frames them, memory written column after column within the window.</summary>
    sealed class FakeOled : FakeChip
    {
        readonly byte[] window = [0, 127, 0, 7];
        int column, page;

        public byte[] Memory { get; } = new byte[1024];

        public bool IsOn { get; private set; }

        public int Dots { get; private set; }

        public byte WiredAs { get; private set; }

        public byte Multiplex { get; private set; }

        public string Story { get; private set; } = "";

        public override void Read(Span<byte> into) => into.Fill((byte)(IsOn ? 0x03 : 0x43));

        public override void PowerCycle()
        {
            IsOn = false;
            new Random(1).NextBytes(Memory);
        }

        public override void Write(ReadOnlySpan<byte> bytes)
        {
            if (bytes[0] == 0x40)
            {
                foreach (byte b in bytes[1..])
                {
                    Memory[(page * 128) + column] = b;
                    Dots++;
                    (column, page) = column == window[1] ? (window[0], page == window[3] ? window[2] : page + 1) : (column + 1, page);
                }

                return;
            }

            Assert.Equal(0x00, bytes[0]);
            for (int i = 1; i < bytes.Length; i++)
            {
                switch (bytes[i])
                {
                    case 0xAE or 0xAF:
                        IsOn = bytes[i] == 0xAF;
                        Story += IsOn && Dots > 0 ? "display is off until its first picture is there" : "";
                        break;
                    case 0x21:
                        (window[0], window[1], column) = (bytes[i + 1], bytes[i + 2], bytes[i + 1]);
                        i += 2;
                        break;
                    case 0x22:
                        (window[2], window[3], page) = (bytes[i + 1], bytes[i + 2], bytes[i + 1]);
                        i += 2;
                        break;
                    case 0xA8:
                        Multiplex = bytes[++i];
                        break;
                    case 0xDA:
                        WiredAs = bytes[++i];
                        break;
                    case 0x81 or 0xD5 or 0xD3 or 0x8D or 0x20 or 0xD9 or 0xDB:
                        i++;
                        break;
                    case 0x40 or 0xA0 or 0xA1 or 0xC0 or 0xC8 or 0xA4 or 0xA6 or 0x2E:
                        break;
                    default:
                        Assert.Fail($"command 0x{bytes[i]:X2} is not in the data sheet's table");
                        break;
                }
            }
        }
    }
}
