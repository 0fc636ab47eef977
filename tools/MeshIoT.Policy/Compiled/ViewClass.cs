namespace MeshIoT.Policy;

/// <summary>
/// Equal for nodes that see exactly the same peers in the same way, apart from themselves: what was made for one of them serves the others.
/// Valid within one <see cref="CompiledPolicy"/> and those made from it by <see cref="CompiledPolicy.With"/>, as long as peers stay the same.
/// </summary>
/// <param name="Class">Number of the class; -1 for a node that is not there.</param>
/// <param name="User">The owner, where a rule about people's own devices adds those; else -1.</param>
public readonly record struct ViewClass(int Class, long User);
