using DisruptorStream.State.Panes;
using DisruptorStream.State.Sessions.Timing;

namespace DisruptorStream.State.Sessions.Clocks;

/// <summary>What windows are due where each key goes by a time of its own.</summary>
internal sealed unsafe class KeyTimeFiring : SessionFiring
{
    private readonly KeyClocks _clocks;
    private readonly List<DueSession> _ofKey = [];

    public KeyTimeFiring(StoreContext context, SessionTable sessions, KeyClocks clocks)
        : base(context, sessions) => _clocks = clocks;

    /// <summary>Whether something of the key waits for its turn.</summary>
    public bool HasDue(int keyId)
    {
        for (var at = Sessions.HeadOf(keyId); at >= 0; at = Sessions.At(at)->Next)
        {
            if (SessionTable.Has(Sessions.At(at), PaneMarks.Due))
                return true;
        }

        return false;
    }

    /// <summary>An event of the key has taken its watermark so far that something is due, which is emitted.</summary>
    /// <param name="keyId">The key.</param>
    /// <param name="clock">Its time.</param>
    /// <param name="sequence">That of the event.</param>
    public void FireKey(int keyId, KeyClock* clock, long sequence)
    {
        if (IsActive && HasDue(keyId))
            Finish();
        _ofKey.Clear();
        clock->DueTicks = long.MaxValue;
        for (var at = Sessions.HeadOf(keyId); at >= 0; at = Sessions.At(at)->Next)
        {
            var session = Sessions.At(at);
            if (Sessions.DueOf(session) <= clock->WatermarkTicks)
                _ofKey.Add(new DueSession(session->EndTicks, session->StartTicks, keyId, at));
            else
                Sessions.File(at);
        }

        if (_ofKey.Count > 1)
            _ofKey.Sort();
        foreach (var due in _ofKey)
        {
            var expiry = Sessions.ExpiryOf(Sessions.At(due.Index));
            if (expiry > clock->WatermarkTicks)
                Sessions.File(due.Index, expiry);
            FireOne(due.Index, sequence, staged: IsActive);
        }
    }

    protected override long WatermarkOf(Session* session) =>
        Step.Ticks == long.MaxValue ? long.MaxValue : _clocks.Reached(_clocks.Of(session->KeyId));

    protected override bool TryGatherDue(ref int budget)
    {
        while (budget > 0)
        {
            var taken = _clocks.Take(Looks);
            if (taken == 0)
                return true;
            foreach (var keyId in Looks.AsSpan(0, taken))
                LookAt(keyId);
            budget -= (taken + LooksPerUnit - 1) / LooksPerUnit;
        }

        return false;
    }

    private void LookAt(int keyId)
    {
        var clock = _clocks.Of(keyId);
        var watermark = _clocks.Reached(clock);
        if (watermark >= clock->DueTicks)
        {
            clock->DueTicks = long.MaxValue;
            for (var at = Sessions.HeadOf(keyId); at >= 0; at = Sessions.At(at)->Next)
            {
                var session = Sessions.At(at);
                if (SessionTable.Has(session, PaneMarks.Due))
                    continue;
                if (Sessions.DueOf(session) <= watermark)
                    AddDue(session, at, watermark);
                else
                    Sessions.File(at);
            }
        }

        _clocks.FileLook(keyId);
    }
}
