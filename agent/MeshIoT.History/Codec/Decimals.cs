using System;

namespace MeshIoT.History;

/// <summary>Values as whole numbers of a decimal step: what a sensor gives has few decimals, and whole numbers that differ little are short.</summary>
internal static class Decimals
{
    /// <summary>Most decimals; the sampler rounds to as many.</summary>
    public const int Most = 6;

    /// <summary>Whole numbers beyond this are not exact in a double.</summary>
    const double Largest = 1L << 52;

    static readonly double[] Powers = [1, 10, 100, 1e3, 1e4, 1e5, 1e6];

    /// <summary>True when the value is exactly <paramref name="scaled"/> steps of 10^−<paramref name="decimals"/>.</summary>
    public static bool TryScale(double value, int decimals, out long scaled)
    {
        double steps = Math.Round(value * Powers[decimals]);
        scaled = Math.Abs(steps) <= Largest ? (long)steps : 0;
        return BitConverter.DoubleToInt64Bits(scaled / Powers[decimals]) == BitConverter.DoubleToInt64Bits(value);
    }

    /// <summary>The fewest decimals, from <paramref name="atLeast"/> on, that hold the value exactly; −1 when none do.</summary>
    public static int Of(double value, int atLeast)
    {
        for (int decimals = atLeast; decimals <= Most; decimals++)
        {
            if (TryScale(value, decimals, out _))
            {
                return decimals;
            }
        }

        return -1;
    }

    /// <summary>The value of so many steps.</summary>
    public static double Value(long scaled, int decimals) => scaled / Powers[decimals];

    /// <summary>The nearest number of steps, for sums whose last bits carry rounding only; false when it is farther off than that.</summary>
    public static bool TryScaleSum(double sum, int decimals, out long scaled)
    {
        double steps = Math.Round(sum * Powers[decimals]);
        bool fits = Math.Abs(steps) <= Largest;
        scaled = fits ? (long)steps : 0;
        return fits && Math.Abs(Value(scaled, decimals) - sum) <= 1e-9 * Math.Max(1e-3, Math.Abs(sum));
    }
}
