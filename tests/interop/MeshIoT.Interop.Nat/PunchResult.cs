namespace MeshIoT.Interop.Nat;

/// <summary>Whether two sites can meet directly at all, as tried with plain sockets that do what any hole puncher does.</summary>
/// <param name="A">One site.</param>
/// <param name="B">The other.</param>
/// <param name="Direct">Each heard the other.</param>
sealed record PunchResult(string A, string B, bool Direct);
