namespace MeshIoT.Interop.Nat;

/// <summary>A TCP connection inside the tunnel, with data both ways, while something happens.</summary>
/// <param name="A">The site that connected.</param>
/// <param name="B">The site that was connected to.</param>
/// <param name="ConnectMs">Until the connection stood; null when it never did.</param>
/// <param name="Mbit">Received by both together before the event, Mbit/s.</param>
/// <param name="QuietMs">The longest time without data at either end before the event.</param>
/// <param name="StallMs">The same, from the event on.</param>
/// <param name="Reset">The connection broke, or the bytes were not those that were sent.</param>
/// <param name="Survived">Data still came at both ends at the very end.</param>
/// <param name="PathBefore">direct, relay, or mixed: how data came in the last second before the event.</param>
/// <param name="PathAfter">The same for the last second of all.</param>
/// <param name="DirectMs">From the event's begin to the first data after its end that came directly at both ends; null when none did.</param>
/// <param name="EventMs">How long the event itself took.</param>
sealed record LoadResult(
    string A, string B, double? ConnectMs, double Mbit, double QuietMs, double StallMs, bool Reset, bool Survived,
    string PathBefore, string PathAfter, double? DirectMs, double EventMs);
