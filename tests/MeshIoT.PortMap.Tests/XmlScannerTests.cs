using System;
using System.Collections.Generic;
using System.Linq;
using System.Text;
using CsCheck;
using MeshIoT.PortMap.Upnp;
using Xunit;

namespace MeshIoT.PortMap.Tests;

public class XmlScannerTests
{
    // "<a", ">b=text" …, and a last word.
    static string Walk(string document)
    {
        XmlScanner xml = new(document);
        List<string> seen = [];
        while (true)
        {
            switch (xml.Read())
            {
                case XmlToken.Open: seen.Add("<" + xml.Name); break;
                case XmlToken.Close: seen.Add(">" + xml.Name + (xml.Text.Length > 0 ? "=" + xml.Text : string.Empty)); break;
                case XmlToken.End: return string.Join(' ', seen.Append("end"));
                default: return string.Join(' ', seen.Append("bad"));
            }
        }
    }

    [Theory]
    [InlineData("<a/>", "<a >a end")]
    [InlineData("<?xml version='1.0'?>\n<a><b>x</b></a>\n", "<a <b >b=x >a end")]
    [InlineData("\uFEFF<s:a xmlns:s=\"u>v\"><s:b k='<'> y </s:b></s:a>", "<a <b >b=y >a end")]
    [InlineData("<a><!-- <b> --><c>1</c></a>", "<a <c >c=1 >a end")]
    [InlineData("<a>&lt;&amp;&#65;&#x42;</a>", "<a >a=<&AB end")]
    [InlineData("<a>x<b/>y</a>", "<a <b >b >a end")]
    public void Documents_of_gateways_are_read(string document, string tokens) => Assert.Equal(tokens, Walk(document));

    [Theory]
    [InlineData("")]
    [InlineData("x")]
    [InlineData("<a>")]
    [InlineData("<a></b>")]
    [InlineData("</a>")]
    [InlineData("<a/><a/>")]
    [InlineData("<a/>x")]
    [InlineData("x<a/>")]
    [InlineData("<a <b/>")]
    [InlineData("<a b='>")]
    [InlineData("<!DOCTYPE a><a/>")]
    [InlineData("<a><![CDATA[x]]></a>")]
    [InlineData("<a>&x;</a>")]
    [InlineData("<a>&#0;</a>")]
    [InlineData("<a>&amp</a>")]
    [InlineData("<a><!-- </a>")]
    [InlineData("<?xml")]
    [InlineData("<>")]
    [InlineData("<1/>")]
    public void What_is_none_is_refused(string document) => Assert.EndsWith("bad", Walk(document), StringComparison.Ordinal);

    [Fact]
    public void Entities_cannot_be_declared_so_they_cannot_grow() => Assert.Equal("bad", Walk(
        "<!DOCTYPE l [<!ENTITY a \"ha\"><!ENTITY b \"&a;&a;&a;&a;\">]><l>&b;</l>"));

    [Fact]
    public void A_deep_nest_is_refused()
    {
        Assert.EndsWith("end", Walk(Nest(32)), StringComparison.Ordinal);
        Assert.EndsWith("bad", Walk(Nest(33)), StringComparison.Ordinal);
        Assert.EndsWith("bad", Walk(Nest(20_000)), StringComparison.Ordinal);
    }

    [Fact]
    public void A_long_text_is_dropped_and_a_long_name_refused()
    {
        Assert.Equal("<a >a end", Walk($"<a>{new string('x', 5000)}</a>"));
        Assert.Equal("bad", Walk($"<{new string('x', 65)}/>"));
    }

    [Fact]
    public void Sixty_four_kilobytes_of_open_brackets_take_no_time() => Assert.EndsWith("bad", Walk("<a>" + new string('<', 65_000)), StringComparison.Ordinal);

    [Fact]
    public void Random_text_never_throws() => Gen.Char["<>/!?-'\"= ab&;#x:\n\0ü"].Array[0, 60].Sample(text => Walk(new string(text)).Length > 0, iter: 20_000);

    [Fact]
    public void A_flipped_bit_or_a_cut_never_throws()
    {
        byte[] valid = Encoding.ASCII.GetBytes("<?xml version=\"1.0\"?><s:a b=\"c\"><d>x &amp; y</d><!-- z --><e/></s:a>");
        for (int bit = 0; bit < valid.Length * 8; bit++)
        {
            byte[] flipped = (byte[])valid.Clone();
            flipped[bit / 8] ^= (byte)(1 << (bit % 8));
            Walk(Encoding.UTF8.GetString(flipped));
            Walk(Encoding.UTF8.GetString(valid, 0, bit / 8));
        }
    }

    static string Nest(int depth) => string.Concat(Enumerable.Repeat("<a>", depth)) + string.Concat(Enumerable.Repeat("</a>", depth));
}
