using System.Globalization;
using DisruptorStream.State;
using DisruptorStream.State.Panes;

namespace DisruptorStream.Tests.State.Saving;

/// <summary>Keeps the rows of one shard, which come in their order.</summary>
internal sealed class Rows : PaneOutput
{
    private readonly FailureLog _failures;

    public Rows(int width, FailureLog failures)
        : base(width) => _failures = failures;

    public List<(ResultHeader Header, string Text)> All { get; } = [];

    protected override void Emit(in ResultHeader header, ReadOnlySpan<long> values)
    {
        if (All.Count > 0 && ResultHeader.Compare(All[^1].Header, header) > 0)
            throw new InvalidOperationException($"A row of slot {header.Sequence} comes behind a later one.");
        var failure = header.FailureIndex < 0 ? "" : _failures[header.FailureIndex].Message;
        All.Add((header, $"{header.Sequence}: {header.StartTicks}..{header.EndTicks} key {header.KeyId} pane "
            + $"{header.PaneIndex} {header.Timing} {header.Flags} {header.Reason} {failure} "
            + string.Join(' ', values.ToArray().Select(bits => bits.ToString("X", CultureInfo.InvariantCulture)))));
    }
}
