using DisruptorStream.Emission.Merging;
using DisruptorStream.State.Panes;

namespace DisruptorStream.Tests.Pipeline;

/// <summary>An output that counts what comes.</summary>
internal sealed class NoOutput : ResultOutput
{
    public int Rows { get; private set; }

    public override void Add(in ResultHeader header, ReadOnlySpan<long> values) => Rows++;

    public override void Flush()
    {
    }
}
