using System.Reflection;
using System.Runtime.InteropServices;
using DisruptorStream.Rings;

namespace DisruptorStream.Tests.Rings;

/// <summary>What one thread writes and others read lies 128 bytes away from everything else.</summary>
public sealed class LayoutTests
{
    private const BindingFlags Instance = BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic;

    public static TheoryData<string> PaddedTypes =>
        [.. Padded().Select(type => type.FullName!).Order(StringComparer.Ordinal)];

    [Theory]
    [MemberData(nameof(PaddedTypes))]
    public void PaddedType_ItsFields_LieAwayFromBothEnds(string name)
    {
        var type = typeof(Sequence).Assembly.GetType(name)!;
        var size = type.StructLayoutAttribute!.Size;
        var offsets = type.GetFields(Instance)
            .Select(field => field.GetCustomAttribute<FieldOffsetAttribute>()!.Value)
            .ToList();

        Assert.NotEmpty(offsets);
        Assert.True(offsets.Min() >= Sequence.PaddingBytes, $"{name} begins with {offsets.Min()} bytes of padding");
        Assert.True(size - offsets.Max() >= Sequence.PaddingBytes, $"{name} ends too soon");
    }

    [Fact]
    public void PaddedTypes_AllThatMustBe_Are()
    {
        var names = Padded().Select(type => type.Name).ToList();

        Assert.Contains("Sequence", names);
        Assert.Contains("ProducerState", names);
        Assert.Contains("ProducersState", names);
        Assert.Contains("ConsumerState", names);
        Assert.Contains("Positions", names);
    }

    [Fact]
    public unsafe void Sequence_TwoOfThem_AreAtLeastTwoPaddingsApart()
    {
        // Allocated one after the other, as the sequences of a pipeline are.
        var sequences = new[] { new Sequence(), new Sequence() };
        var field = typeof(Sequence).GetField("_value", Instance)!;

        Assert.Equal(Sequence.PaddingBytes, field.GetCustomAttribute<FieldOffsetAttribute>()!.Value);
        Assert.True(typeof(Sequence).StructLayoutAttribute!.Size >= (2 * Sequence.PaddingBytes) + sizeof(long));
        Assert.Equal([-1L, -1L], sequences.Select(sequence => sequence.Value));
    }

    [Fact]
    public unsafe void RingBuffer_ItsSlots_BeginOnABoundaryOfThePadding()
    {
        var fault = new RingFault();
        var wait = WaitStrategy.Create(WaitStrategyKind.Blocking, new ProcessorBudget(1), 1);
        using var ring = new RingBuffer<long>(new SingleProducerSequencer(64, wait, wait, fault));

        Assert.Equal(0, (nint)ring.Address(0) % Sequence.PaddingBytes);
    }

    private static IEnumerable<Type> Padded() => typeof(Sequence).Assembly.GetTypes()
        .Where(type => type.IsExplicitLayout && type.StructLayoutAttribute!.Size >= 2 * Sequence.PaddingBytes);
}
