using System.Collections.Generic;

namespace MeshIoT.Policy.Compiler;

/// <summary>
/// The sources of a rule as a packet filter writes them, with what they were made from: as long as every one of those objects is still the
/// current one, the list holds. Shared by all filters that name these sources.
/// </summary>
internal sealed class SourceList(AddressSpec spec, IReadOnlyList<string> addresses, List<object> madeFrom)
{
    public AddressSpec Spec { get; } = spec;

    public IReadOnlyList<string> Addresses { get; } = addresses;

    public List<object> MadeFrom { get; } = madeFrom;

    public bool IsMadeFrom(List<object> current)
    {
        if (MadeFrom.Count != current.Count)
        {
            return false;
        }

        for (int i = 0; i < current.Count; i++)
        {
            if (!ReferenceEquals(MadeFrom[i], current[i]))
            {
                return false;
            }
        }

        return true;
    }
}
