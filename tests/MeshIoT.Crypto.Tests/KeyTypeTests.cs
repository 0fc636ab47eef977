using System;
using System.Linq;
using Xunit;

namespace MeshIoT.Crypto.Tests;

/// <summary>Key types: their text forms, what they refuse, and that private ones keep their mouth shut.</summary>
public class KeyTypeTests
{
    const string Digits = "07a37cbc142093c8b755dc1b10e86cb426374ad16aa853ed0bdfc0b2b86d1c7c";

    [Fact]
    public void A_public_key_reads_back_what_it_prints()
    {
        Assert.Equal("mkey:" + Digits, MachinePublicKey.Parse("mkey:" + Digits).ToString());
        Assert.Equal("nodekey:" + Digits, NodePublicKey.Parse("nodekey:" + Digits.ToUpperInvariant()).ToString());
        Assert.Equal("discokey:" + Digits, DiscoPublicKey.Parse("discokey:" + Digits).ToString());

        NodePublicKey key = NodePublicKey.FromBytes(Hex.Of(Digits));
        byte[] copy = new byte[32];
        key.CopyTo(copy);
        Assert.Equal(Hex.Of(Digits), copy);
        Assert.Equal(copy, key.ToArray());
        Assert.Equal("[B6N8v]", key.ShortString());
        Assert.True(key == NodePublicKey.Parse(key.ToString()) && key.GetHashCode() == NodePublicKey.FromBytes(copy).GetHashCode());
        Assert.True(key != default(NodePublicKey) && default(NodePublicKey).IsZero && !key.IsZero);
    }

    [Fact]
    public void Any_single_changed_bit_makes_another_key()
    {
        byte[] bytes = Hex.Of(Digits);
        NodePublicKey key = NodePublicKey.FromBytes(bytes);
        for (int bit = 0; bit < 256; bit++)
        {
            byte[] other = (byte[])bytes.Clone();
            other[bit >> 3] ^= (byte)(1 << (bit & 7));
            Assert.False(key.Equals(NodePublicKey.FromBytes(other)));
        }
    }

    static readonly string?[] HostileTexts =
    [
        null, "", "nodekey:", Digits, "mkey:" + Digits, "NODEKEY:" + Digits, " nodekey:" + Digits, "nodekey:" + Digits + "\n", "nodekey:" + Digits + "00",
        "nodekey:" + Digits[1..], "nodekey:" + Digits[2..], "nodekey:g" + Digits[1..], "nodekey:" + Digits[..62] + "-1", "nodekey:" + Digits[..62] + " 1",
        "nodekey:" + Digits[..60] + "\u0660\u0661\u0662\u0663", "nodekey:" + new string('\0', 64), new string('n', 1_000_000), "privkey:" + Digits,
    ];

    [Fact]
    public void Text_that_is_not_exactly_a_key_is_refused()
    {
        foreach (string? text in HostileTexts)
        {
            Assert.False(NodePublicKey.TryParse(text, out NodePublicKey key), text);
            Assert.True(key.IsZero);
            Assert.Throws<FormatException>(() => NodePublicKey.Parse(text!));
        }
    }

    [Fact]
    public void Random_text_never_throws_out_of_TryParse()
    {
        Random random = new(7);
        for (int i = 0; i < 20_000; i++)
        {
            char[] text = ("privkey:" + Digits).ToCharArray();
            int changes = random.Next(1, 4);
            for (int c = 0; c < changes; c++)
            {
                text[random.Next(text.Length)] = (char)random.Next(0x10000);
            }

            if (NodePrivateKey.TryParse(new string(text), out NodePrivateKey? key))
            {
                Assert.StartsWith("privkey:", new string(text), StringComparison.Ordinal);
                Assert.All(text[8..], c => Assert.True(char.IsAsciiHexDigit(c)));
                key.Dispose();
            }
        }
    }

    [Fact]
    public void A_refused_text_is_not_repeated_in_the_error()
    {
        FormatException error = Assert.Throws<FormatException>(() => NodePublicKey.Parse("privkey:" + Digits));
        Assert.DoesNotContain(Digits, error.ToString(), StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public void A_private_key_prints_redacted_whatever_prints_it()
    {
        foreach (PrivateKey key in new PrivateKey[] { MachinePrivateKey.FromBytes(Hex.Run(1, 32)), NodePrivateKey.FromBytes(Hex.Run(1, 32)), DiscoPrivateKey.FromBytes(Hex.Run(1, 32)) })
        {
            Assert.Equal("[redacted]", key.ToString());
            Assert.Equal("key=[redacted]", $"key={key}");
            Assert.Equal("key=[redacted]", string.Format(System.Globalization.CultureInfo.InvariantCulture, "key={0}", key));
        }
    }

    [Fact]
    public void A_private_key_survives_its_explicit_text_form()
    {
        using NodePrivateKey key = NodePrivateKey.Generate(new SystemRandomSource());
        Assert.True(NodePrivateKey.TryParse(key.ExportText(), out NodePrivateKey? back));
        Assert.True(key.Bytes.SequenceEqual(back.Bytes));
        Assert.Equal(key.PublicKey, back.PublicKey);
        Assert.Equal(0, key.Bytes[0] & 7);
        Assert.Equal(64, key.Bytes[31] & 192);
        back.Dispose();
    }

    [Fact]
    public void The_public_half_is_that_of_RFC_7748_for_all_three_kinds()
    {
        using MachinePrivateKey machine = MachinePrivateKey.FromBytes(Hex.Run(1, 32));
        using NodePrivateKey node = NodePrivateKey.FromBytes(Hex.Run(1, 32));
        using DiscoPrivateKey disco = DiscoPrivateKey.FromBytes(Hex.Run(1, 32));
        Assert.Equal("mkey:" + Digits, machine.PublicKey.ToString());
        Assert.Equal("nodekey:" + Digits, node.PublicKey.ToString());
        Assert.Equal("discokey:" + Digits, disco.PublicKey.ToString());
    }

    [Fact]
    public void Dispose_wipes_the_very_bytes_and_closes_the_key()
    {
        NodePrivateKey key = NodePrivateKey.FromBytes(Hex.Run(1, 32));
        ReadOnlySpan<byte> secret = key.Bytes;
        NodePublicKey before = key.PublicKey;
        key.Dispose();
        key.Dispose();
        Assert.Equal(new byte[32], secret.ToArray());
        Assert.Throws<ObjectDisposedException>(() => key.Bytes.Length);
        Assert.Throws<ObjectDisposedException>(key.ExportText);
        Assert.Equal("[redacted]", key.ToString());
        Assert.Equal(before, key.PublicKey);
    }

    [Fact]
    public void No_member_but_ExportText_and_Bytes_can_carry_the_secret_out()
    {
        string[] members = typeof(NodePrivateKey).GetMembers().Where(m => m.DeclaringType != typeof(object)).Select(m => m.Name).Order(StringComparer.Ordinal).Distinct().ToArray();
        Assert.Equal(["Bytes", "Dispose", "ExportText", "FromBytes", "Generate", "PublicKey", "ToString", "TryParse", "get_Bytes", "get_PublicKey"], members);
    }

    [Fact]
    public void Wrong_lengths_are_refused()
    {
        Assert.Throws<ArgumentException>(() => NodePublicKey.FromBytes(new byte[31]));
        Assert.Throws<ArgumentException>(() => NodePrivateKey.FromBytes(new byte[33]));
    }
}
