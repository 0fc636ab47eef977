using System;
using System.Linq;
using CsCheck;
using MeshIoT.Health;
using Xunit;

namespace MeshIoT.Provisioning.Tests;

public class ClaimTests
{
    static Claim Sample(int seed = 1) => Claim.Generate(new SeededRandom(seed));

    [Fact]
    public void A_claim_is_24_characters_of_the_alphabet_and_reads_back()
    {
        string text = Sample().ExportText();
        Assert.Equal(24, text.Length);
        Assert.All(text, c => Assert.Contains(c, CrockfordBase32.Alphabet));
        Assert.True(Claim.TryParse(text, out Claim? read));
        Assert.Equal(text, read.ExportText());
    }

    [Fact]
    public void Groups_lower_case_spaces_and_look_alike_letters_are_forgiven()
    {
        for (int seed = 0; seed < 50; seed++)
        {
            Claim claim = Sample(seed);
            string sloppy = " " + claim.ExportGroups().ToLowerInvariant().Replace('0', 'o').Replace('1', 'l').Replace("-", " - ", StringComparison.Ordinal);
            Assert.True(Claim.TryParse(sloppy, out Claim? read));
            Assert.Equal(claim.ExportText(), read.ExportText());
            Assert.True(Claim.TryParse(claim.ExportGroups().Replace('1', 'I').Replace('0', 'O'), out _));
        }
    }

    [Fact]
    public void Every_single_wrong_character_shows()
    {
        string text = Sample().ExportText();
        for (int at = 0; at < text.Length; at++)
        {
            foreach (char c in CrockfordBase32.Alphabet.Where(c => c != text[at]))
            {
                Assert.False(Claim.TryParse(text[..at] + c + text[(at + 1)..], out _, out FaultReport? fault));
                Assert.Same(Faults.ClaimMistyped, fault.Fault);
            }
        }
    }

    [Fact]
    public void Every_exchange_of_two_different_characters_shows()
    {
        string text = Sample().ExportText();
        for (int a = 0; a < text.Length; a++)
        {
            for (int b = a + 1; b < text.Length; b++)
            {
                char[] swapped = text.ToCharArray();
                (swapped[a], swapped[b]) = (swapped[b], swapped[a]);
                Assert.Equal(text[a] == text[b], Claim.TryParse(swapped, out _));
            }
        }
    }

    [Theory]
    [InlineData("", "there are 0")]
    [InlineData("ABCD", "there are 4")]
    [InlineData("UUUU-UUUU-UUUU-UUUU-UUUU-UUUU", "character that is in no claim")]
    [InlineData("0000-0000-0000-0000-0000-0000-0", "there are more")]
    public void A_bad_claim_says_what_is_wrong_with_it(string typed, string expected)
    {
        Assert.False(Claim.TryParse(typed, out _, out FaultReport? fault));
        Assert.Contains(expected, fault.Message);
    }

    [Fact]
    public void Any_text_at_all_is_read_without_an_exception() =>
        Gen.String.Sample(s => Claim.TryParse(s, out Claim? c) ? c.ExportText().Length == 24 : c is null, iter: 2000);

    [Fact]
    public void A_claim_never_prints_itself() => Assert.Equal("[redacted]", Sample().ToString());
}
