using DisruptorStream.Durability.Journal.Format;
using DisruptorStream.Durability.Journal.Reading;
using DisruptorStream.Durability.Journal;
using DisruptorStream.Events;
using DisruptorStream.Identities;
using DisruptorStream.Ingest.Replay;
using DisruptorStream.Saving;

namespace DisruptorStream.Topology.Durable.Replay;

/// <summary>Takes an engine through a journal, frame by frame.</summary>
/// <remarks>
/// One caller at a time. The outcome of a retirement comes behind its slot: slots whose outcome was not read yet wait,
/// in copies, until it comes, or until it is sure that it never does.
/// </remarks>
internal sealed class JournalReplay : IDisposable
{
    private readonly JournalReader _reader;
    private readonly ReplayEngine _engine;
    private readonly Queue<EventCopy> _waiting = new();

    /// <param name="reader">Stands behind the last frame that is in the engine.</param>
    /// <param name="engine">Handles what is read.</param>
    /// <param name="positions">What was told of results that have arrived, up to there.</param>
    public JournalReplay(JournalReader reader, ReplayEngine engine, IReadOnlyList<long> positions)
    {
        Positions = positions;
        _reader = reader;
        _engine = engine;
    }

    /// <summary>
    /// How many results of each query were delivered, as far as was read; empty where nothing was said.
    /// </summary>
    public IReadOnlyList<long> Positions { get; private set; }

    /// <summary>The number of the last frame that was read.</summary>
    public long Ordinal => _reader.Position.Ordinal;

    /// <summary>Handles what is read; it is disposed with this.</summary>
    public ReplayEngine Engine => _engine;

    /// <summary>The last slot that is handled; later ones are left out.</summary>
    public long Until { get; set; } = long.MaxValue;

    /// <summary>Whether all that was read is handled, so that the state is that of a place in the journal.</summary>
    public bool IsAtRest => _waiting.Count == 0;

    /// <summary>Reads and handles one frame. Returns false where there is none to read, or none is wanted.</summary>
    /// <exception cref="JournalException">The journal is damaged there, or no longer there.</exception>
    /// <exception cref="StateException">What was read does not follow on what was before.</exception>
    public bool TryStep()
    {
        if (_engine.Sequence >= Until || !_reader.TryRead(out var frame))
            return false;
        switch (frame.Kind)
        {
            case FrameKind.Records:
                _engine.AddRecords(frame.Records);
                HandleWaiting(isSure: false);
                break;
            case FrameKind.Slots:
            case FrameKind.Order:
                OnSlots(frame.Slots);
                break;
            case FrameKind.Restart:
                HandleWaiting(isSure: true);
                _engine.Restart();
                break;
            case FrameKind.Positions:
                Positions = frame.Positions.ToArray();
                break;
        }

        return true;
    }

    /// <summary>Reads and handles some frames. Returns whether there may be more.</summary>
    /// <param name="frames">How many at the most.</param>
    /// <inheritdoc cref="TryStep()" path="/exception"/>
    public bool TryStep(int frames)
    {
        for (var frame = 0; frame < frames; frame++)
        {
            if (!TryStep())
                return false;
        }

        return true;
    }

    /// <summary>Nothing more comes: what was not told never happened.</summary>
    public void Finish() => HandleWaiting(isSure: true);

    /// <summary>Writes where the engine stands, and its state. Only at rest.</summary>
    public void Save(Stream stream, Fingerprint plan)
    {
        new ReplayMark(_engine.Sequence, _reader.Position, _engine.WaitingRecords()).Save(stream, plan);
        _engine.Save(stream);
    }

    public void Dispose()
    {
        _reader.Dispose();
        _engine.Dispose();
    }

    private void OnSlots(EventView slots)
    {
        slots = slots.Slice(0, (int)(Math.Clamp(Until - slots.FirstSequence, -1, slots.Count - 1) + 1));
        if (slots.Count == 0)
            return;
        if (_waiting.Count > 0 || !_engine.HasRecordsOf(slots))
            _waiting.Enqueue(new EventCopy(slots));
        else
            _engine.Handle(slots);
    }

    private void HandleWaiting(bool isSure)
    {
        while (_waiting.TryPeek(out var copied))
        {
            if (!isSure && !_engine.HasRecordsOf(copied.View))
                return;
            _engine.Handle(copied.View);
            _waiting.Dequeue();
        }
    }
}
