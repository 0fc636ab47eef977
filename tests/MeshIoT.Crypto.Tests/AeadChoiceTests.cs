using System;
using System.Runtime.Intrinsics.Arm;
using System.Runtime.Intrinsics.X86;
using Xunit;

namespace MeshIoT.Crypto.Tests;

public class AeadChoiceTests
{
    const string Old = "flags\t\t: fpu sse2 ssse3 sse4_1 avx";
    const string Haswell = Old + " avx2 bmi1 bmi2 f16c fma abm movbe xsave";

    [Fact]
    public void The_widest_is_what_the_runtime_sees()
    {
        Assert.Equal(
            Avx512BW.VL.IsSupported && Avx512DQ.VL.IsSupported ? AeadWidth.Bits512 : Avx2.IsSupported ? AeadWidth.Bits256 : AdvSimd.IsSupported ? AeadWidth.Bits128 : AeadWidth.Sodium,
            AeadChoice.Widest);
    }

    [Theory]
    [InlineData("flags : fpu sse2", AeadWidth.Sodium)]
    [InlineData(Old, AeadWidth.Sodium)]
    [InlineData(Haswell, AeadWidth.Bits256)]
    [InlineData("flags : avx2 ssse3", AeadWidth.Sodium)]
    [InlineData(Haswell + " avx512f", AeadWidth.Bits256)]
    [InlineData(Haswell + " avx512f avx512dq avx512cd avx512bw avx512vl", AeadWidth.Bits512)]
    [InlineData("flags :", AeadWidth.Sodium)]
    public void The_kernels_list_of_flags_decides_in_native_programs(string line, AeadWidth expected) => Assert.Equal(expected, CpuWidths.Of(line));

    [Fact]
    public void On_this_machine_both_ways_of_asking_agree()
    {
        string? line = Array.Find(System.IO.File.ReadAllLines("/proc/cpuinfo"), text => text.StartsWith("flags", StringComparison.Ordinal));
        Assert.SkipWhen(line is null, "this kernel lists no x86 flags");
        Assert.Equal(AeadChoice.Widest, CpuWidths.Of(line));
    }

    [Fact]
    public void The_variable_overrides_and_must_make_sense()
    {
        Assert.Null(AeadChoice.Choose("sodium"));
        Assert.Equal(AeadChoice.Widest, AeadChoice.Choose(null)?.Width ?? AeadWidth.Sodium);
        Assert.Throws<InvalidOperationException>(() => AeadChoice.Choose("1024"));
        if (AeadChoice.Widest >= AeadWidth.Bits128)
        {
            Assert.Equal(AeadWidth.Bits128, AeadChoice.Choose("128")!.Width);
        }
    }
}
