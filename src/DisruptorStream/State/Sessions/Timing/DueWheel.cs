using System.Numerics;
using System.Runtime.InteropServices;

namespace DisruptorStream.State.Sessions.Timing;

/// <summary>
/// When to look at each session: a timing wheel whose buckets are lists of sessions, and a small heap of those whose
/// bucket has been reached.
/// </summary>
/// <remarks>
/// A session is filed once and looked at when its bucket comes up, however often it has grown since: only then is it
/// filed again, or put in order with the few that are due in the same bucket. What lies further ahead than the wheel
/// reaches is looked at when its end comes up. Varghese and Lauck, "Hashed and hierarchical timing wheels", 1987.
/// </remarks>
internal sealed unsafe class DueWheel : IDisposable
{
    private const int Buckets = 2048;
    private const int BucketMask = Buckets - 1;
    private const int WordBits = 64;
    private const int BucketsPerGap = Buckets / 2;
    private const int FewestBucketsPerGap = 64;
    private const int TurnsPerLifetime = 8;
    private const int SmallestShift = 10;
    private const int None = -1;

    private readonly int _shift;
    private readonly int[] _firsts = new int[Buckets];
    private readonly ulong[] _occupied = new ulong[Buckets / WordBits];
    private readonly DueQueue _near = new();
    private Filing* _filings;
    private int _capacity;
    private int _count;
    private int _taking = None;

    // The last bucket that has been reached; those that are occupied lie up to one turn behind it.
    private long _position = long.MinValue;
    private long _reached;
    private int _reachedCount;
    private long _nextBucketTicks = long.MaxValue;

    /// <param name="gapTicks">How long after an event a session is looked at as a rule.</param>
    /// <param name="latenessTicks">How long after that it is looked at again.</param>
    public DueWheel(long gapTicks, long latenessTicks)
    {
        // Narrow enough that few are due in one bucket, wide enough that none is looked at in vain too often.
        var lifetimeTicks = (gapTicks / 2) + (latenessTicks / 2);
        var bucketTicks = Math.Clamp(
            lifetimeTicks / (Buckets / 2 * TurnsPerLifetime), gapTicks / BucketsPerGap, gapTicks / FewestBucketsPerGap);
        _shift = Math.Max(SmallestShift, BitOperations.Log2((ulong)Math.Max(1, bucketTicks)));
        Array.Fill(_firsts, None);
    }

    /// <summary>Nothing need be looked at before this time.</summary>
    public long NextDueTicks => Math.Min(_near.NextDueTicks, _nextBucketTicks);

    public long BytesReserved => ((long)_capacity * sizeof(Filing)) + (Buckets * sizeof(int));

    /// <summary>Makes sure that the session is looked at no later than it is due.</summary>
    public void File(int session, long dueTicks)
    {
        if (session >= _capacity)
            Grow(session);
        var filing = _filings + session;
        if (filing->Previous != Filing.Nowhere)
        {
            if (filing->FiledTicks <= dueTicks)
                return;
            Remove(session);
        }

        // The end of input finds what nothing else ends.
        if (dueTicks != long.MaxValue)
            Put(session, filing, dueTicks);
    }

    /// <summary>Forgets the session.</summary>
    public void Remove(int session)
    {
        if (session >= _capacity)
            return;
        var filing = _filings + session;
        if (filing->Previous >= None)
            Unlink(filing);
        filing->Previous = Filing.Nowhere;
    }

    /// <summary>
    /// Takes sessions that are to be looked at by this time, as many as there are room and need for; returns how many.
    /// Those that are not due after all have to be filed again.
    /// </summary>
    public int Take(long watermark, Span<int> sessions)
    {
        var count = 0;
        while (count < sessions.Length && (_taking != None || Detach(watermark)))
        {
            var filing = _filings + _taking;
            sessions[count++] = _taking;
            _taking = filing->Next;
            filing->Previous = Filing.Nowhere;
            _count--;
        }

        while (count < sessions.Length && _near.NextDueTicks <= watermark)
        {
            var (due, session) = _near.Take();
            var filing = _filings + session;
            if (filing->Previous != Filing.Near || filing->FiledTicks != due)
                continue;
            filing->Previous = Filing.Nowhere;
            sessions[count++] = session;
        }

        return count;
    }

    public void Dispose()
    {
        NativeMemory.Free(_filings);
        _filings = null;
        _capacity = 0;
    }

    private void Put(int session, Filing* filing, long dueTicks)
    {
        var bucket = dueTicks >> _shift;
        if (_count == 0 && bucket > _position + Buckets)
            _position = bucket - (Buckets / 2);
        if (bucket <= _position)
        {
            filing->FiledTicks = dueTicks;
            filing->Previous = Filing.Near;
            _near.Add(dueTicks, session);
            return;
        }

        bucket = Math.Min(bucket, _position + Buckets);
        var place = (int)bucket & BucketMask;
        var first = _firsts[place];
        filing->FiledTicks = bucket << _shift;
        filing->Next = first;
        filing->Previous = None;
        if (first != None)
            _filings[first].Previous = session;
        _firsts[place] = session;
        _occupied[place / WordBits] |= 1UL << place;
        _nextBucketTicks = Math.Min(_nextBucketTicks, filing->FiledTicks);
        _count++;
    }

    private void Unlink(Filing* filing)
    {
        if (filing->Next != None)
            _filings[filing->Next].Previous = filing->Previous;
        if (filing->Previous != None)
        {
            _filings[filing->Previous].Next = filing->Next;
        }
        else
        {
            var place = (int)(filing->FiledTicks >> _shift) & BucketMask;
            _firsts[place] = filing->Next;
            if (filing->Next == None)
                _occupied[place / WordBits] &= ~(1UL << place);
        }

        _count--;
    }

    /// <summary>Begins with the next bucket that has been reached.</summary>
    private bool Detach(long watermark)
    {
        var target = watermark >> _shift;
        if (target > _position)
        {
            // After a leap of more than a turn all buckets have been reached.
            _reached = _position + 1;
            _reachedCount = (int)Math.Min((ulong)(target - _position), Buckets);
            _position = target;
        }

        var distance = DistanceToOccupied(_reached, _reachedCount);
        if (distance < 0)
        {
            // Also where the last bucket reached was an occupied one: the next one is further on from now on.
            _reachedCount = 0;
            var next = DistanceToOccupied(_position + 1, Buckets);
            _nextBucketTicks = next < 0 ? long.MaxValue : (_position + 1 + next) << _shift;
            return false;
        }

        _reached += distance + 1;
        _reachedCount -= distance + 1;
        var place = (int)(_reached - 1) & BucketMask;
        _taking = _firsts[place];
        _firsts[place] = None;
        _occupied[place / WordBits] &= ~(1UL << place);
        return true;
    }

    /// <summary>How far the next occupied bucket is from this one, which may be it; -1 when none is so near.</summary>
    private int DistanceToOccupied(long bucket, int count)
    {
        for (var distance = 0; distance < count;)
        {
            var place = (int)(bucket + distance) & BucketMask;
            var bits = _occupied[place / WordBits] >> place;
            if (bits != 0)
            {
                distance += BitOperations.TrailingZeroCount(bits);
                return distance < count ? distance : None;
            }

            distance += WordBits - (place % WordBits);
        }

        return None;
    }

    private void Grow(int session)
    {
        var capacity = (int)BitOperations.RoundUpToPowerOf2((uint)Math.Max(64, session + 1));
        _filings = (Filing*)NativeMemory.Realloc(_filings, (nuint)capacity * (nuint)sizeof(Filing));
        for (var index = _capacity; index < capacity; index++)
            _filings[index].Previous = Filing.Nowhere;
        _capacity = capacity;
    }
}
