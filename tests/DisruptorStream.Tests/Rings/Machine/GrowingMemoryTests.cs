using DisruptorStream.Rings.Machine;

namespace DisruptorStream.Tests.Rings.Machine;

/// <summary>Memory that grows: what it holds stays, and a large one stays where it is.</summary>
public sealed unsafe class GrowingMemoryTests
{
    private const int LimitBytes = 64 * 1024 * 1024;

    [Fact]
    public void Grow_ToItsLimit_KeepsWhatWasUsed()
    {
        using var memory = new GrowingMemory(LimitBytes);
        var used = 0;
        for (var length = 512; length <= LimitBytes; length *= 2)
        {
            memory.Grow((nuint)length, (nuint)used);
            Assert.Equal(0, (nint)memory.Start % 64);
            var words = new Span<long>(memory.Start, length / sizeof(long));
            for (var index = used / sizeof(long); index < words.Length; index++)
                words[index] = index;
            used = length;
            for (var index = 0; index < words.Length; index++)
            {
                if (words[index] != index)
                    Assert.Fail($"word {index} of {words.Length} is {words[index]}");
            }
        }
    }

    [Fact]
    public void Grow_LargeOne_StaysWhereItIs()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Addresses are reserved on Linux only.");
        using var memory = new GrowingMemory(LimitBytes);
        memory.Grow(MemoryPages.LargeBytes, 0);
        var first = (nint)memory.Start;
        memory.Grow(LimitBytes, MemoryPages.LargeBytes);
        Assert.Equal(first, (nint)memory.Start);
        Assert.Equal(0, first % MemoryPages.LargeBytes);
    }

    [Theory]
    [InlineData(4096)]
    [InlineData(4 * 1024 * 1024)]
    public void Dispose_ThenGrow_BeginsAnew(int length)
    {
        using var memory = new GrowingMemory(LimitBytes);
        for (var round = 0; round < 3; round++)
        {
            memory.Grow((nuint)length, 0);
            new Span<byte>(memory.Start, length).Fill(1);
            memory.Dispose();
            Assert.True(memory.Start == null);
        }
    }

    [Fact]
    public void Dispose_Often_GivesTheAddressesBack()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Addresses are reserved on Linux only.");

        // A process has 128 TiB of them: where they are not given back, the memory moves from round 128 on.
        for (var round = 0; round < 500; round++)
        {
            using var memory = new GrowingMemory((nuint)1 << 40);
            memory.Grow(MemoryPages.LargeBytes, 0);
            var first = (nint)memory.Start;
            memory.Grow(2 * MemoryPages.LargeBytes, 0);
            Assert.Equal(first, (nint)memory.Start);
        }
    }
}
