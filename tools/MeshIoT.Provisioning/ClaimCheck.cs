using System;

namespace MeshIoT.Provisioning;

/// <summary>
/// The check character of a claim: the characters are symbols of GF(32) (x^5 + x^2 + 1), and the sum of
/// a^(distance from the end) times symbol over the whole claim is zero, a being the field's generator.
/// The weights of up to 31 places all differ, so one wrong character and any two exchanged characters always show;
/// anything else shows in 31 of 32 cases. Crockford's own check (mod 37) has symbols that a QR's alphanumeric mode lacks.
/// </summary>
internal static class ClaimCheck
{
    const int Polynomial = 0b100101;

    /// <summary>The symbol that completes <paramref name="characters"/>, which lack their last place.</summary>
    public static char For(ReadOnlySpan<char> characters) => CrockfordBase32.Alphabet[TimesGenerator(Sum(characters))];

    /// <summary>True when the last of <paramref name="characters"/> fits those before it.</summary>
    public static bool Fits(ReadOnlySpan<char> characters) => Sum(characters) == 0;

    // Horner's rule: the last place has weight 1, the one before it a, and so on.
    static int Sum(ReadOnlySpan<char> characters)
    {
        int sum = 0;
        foreach (char c in characters)
        {
            sum = TimesGenerator(sum) ^ CrockfordBase32.ValueOf(c);
        }

        return sum;
    }

    static int TimesGenerator(int symbol)
    {
        int shifted = symbol << 1;
        return shifted >= 32 ? shifted ^ Polynomial : shifted;
    }
}
