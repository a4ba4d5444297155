using System.Globalization;
using DisruptorStream.State;
using DisruptorStream.State.Panes;

namespace DisruptorStream.Tests.State.Saving;

/// <summary>Keeps the rows of one shard, which come in their order unless the state was forged.</summary>
internal sealed class Rows : PaneOutput
{
    private readonly FailureLog _failures;
    private readonly bool _isOrdered;

    /// <param name="width">How many values a row has.</param>
    /// <param name="failures">What the failures of rows were.</param>
    /// <param name="isOrdered">Whether rows must come in their order: of a forged state they need not.</param>
    public Rows(int width, FailureLog failures, bool isOrdered)
        : base(width)
    {
        _failures = failures;
        _isOrdered = isOrdered;
    }

    public List<(ResultHeader Header, string Text)> All { get; } = [];

    protected override void Emit(in ResultHeader header, ReadOnlySpan<long> values)
    {
        if (_isOrdered && All.Count > 0 && ResultHeader.Compare(All[^1].Header, header) > 0)
            throw new InvalidOperationException($"A row of slot {header.Sequence} comes behind a later one.");
        var failure = header.FailureIndex < 0 ? "" : _failures[header.FailureIndex].Message;
        All.Add((header, $"{header.Sequence}: {header.StartTicks}..{header.EndTicks} key {header.KeyId} pane "
            + $"{header.PaneIndex} {header.Timing} {header.Flags} {header.Reason} {failure} "
            + string.Join(' ', values.ToArray().Select(bits => bits.ToString("X", CultureInfo.InvariantCulture)))));
    }
}
