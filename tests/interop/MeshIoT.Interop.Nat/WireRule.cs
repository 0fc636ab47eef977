using System;
using System.Globalization;
using System.Net;

namespace MeshIoT.Interop.Nat;

/// <summary>What happens to packets from or to a network: one way they take this long, and this share of them is lost.</summary>
/// <param name="Network">The addresses.</param>
/// <param name="Delay">One way.</param>
/// <param name="Loss">0 to 1.</param>
/// <param name="Hurry">The share that is not delayed and so overtakes others, 0 to 1.</param>
readonly record struct WireRule(IPNetwork Network, TimeSpan Delay, double Loss, double Hurry)
{
    /// <summary>A line of the rules' file: NETWORK MILLISECONDS PERCENT-LOST [PERCENT-HURRIED].</summary>
    public static WireRule Parse(string line)
    {
        string[] word = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        return new WireRule(
            IPNetwork.Parse(word[0]),
            TimeSpan.FromMilliseconds(double.Parse(word[1], CultureInfo.InvariantCulture)),
            double.Parse(word[2], CultureInfo.InvariantCulture) / 100,
            word.Length > 3 ? double.Parse(word[3], CultureInfo.InvariantCulture) / 100 : 0);
    }
}
