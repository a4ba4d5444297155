using DisruptorStream.Identities;

namespace DisruptorStream.Ingest.Replay;

/// <summary>A record that came early: it waits for its slot.</summary>
internal readonly struct WaitingRecord
{
    private readonly int _column;
    private readonly int _number;
    private readonly uint _generation;
    private readonly long _ordinal;
    private readonly byte[] _body;

    public WaitingRecord(in IdentityRecord record)
    {
        Kind = record.Kind;
        Sequence = record.Sequence;
        _column = record.Column;
        _number = record.Number;
        _generation = record.Generation;
        _ordinal = record.Ordinal;
        _body = record.Body.ToArray();
    }

    public IdentityKind Kind { get; }

    public long Sequence { get; }

    public IdentityRecord ToRecord() => new()
    {
        Kind = Kind,
        Sequence = Sequence,
        Column = _column,
        Number = _number,
        Generation = _generation,
        Ordinal = _ordinal,
        Body = _body,
    };
}
