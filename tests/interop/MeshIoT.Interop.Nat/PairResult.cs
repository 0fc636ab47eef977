namespace MeshIoT.Interop.Nat;

/// <summary>What was seen between two sites that had never spoken.</summary>
/// <param name="A">The site that spoke first.</param>
/// <param name="B">The other.</param>
/// <param name="FirstByteMs">From the first datagram sent into the tunnel to the first answer, milliseconds; null when none came.</param>
/// <param name="DirectMs">From the first answer until data had come by UDP straight from the other on both sides; null when it never did.</param>
/// <param name="Relay">Answers came, and none of the data came straight from the other.</param>
/// <param name="Sent">Datagrams sent after the first answer, one each 20 ms.</param>
/// <param name="Lost">Those of them that were not answered.</param>
/// <param name="GapMs">The longest time without an answer after the first.</param>
/// <param name="RttMs">Median time of the last answers.</param>
sealed record PairResult(string A, string B, double? FirstByteMs, double? DirectMs, bool Relay, int Sent, int Lost, double GapMs, double RttMs);
