using Xunit;

namespace MeshIoT.Control.Tests;

/// <summary>Tests that measure the whole process: nothing else may run beside them.</summary>
[CollectionDefinition(nameof(MeasuredAlone), DisableParallelization = true)]
public class MeasuredAlone
{
}
