using System.Globalization;
using DisruptorStream.Messages;

namespace DisruptorStream.Statistics;

/// <summary>The last n values: mean, variance, minimum and maximum in O(1), percentiles in O(log n).</summary>
/// <remarks>
/// <para>Nothing is ever subtracted, so nothing drifts: the values lie on two stacks of partial results that are merged
/// when asked (the two-stack queue of Tangwongsan, Hirzel and Schneider, "Low-latency sliding-window aggregation in
/// worst-case constant time", 2017, section 2). Adding a value is O(1) on average for these and O(log n) for the
/// order of the values.</para>
/// <para>Allocates when it is made and never again: about 120 bytes for each value. One thread at a time.</para>
/// </remarks>
public sealed class SlidingWindowStats
{
    private readonly double[] _values;
    private readonly Part[] _front;
    private readonly OrderStatistics _order;
    private Part _back;
    private int _next;
    private int _frontCount;

    /// <param name="capacity">How many values it keeps: 1 to 1,000,000.</param>
    /// <exception cref="ArgumentOutOfRangeException">The capacity is out of its range.</exception>
    public SlidingWindowStats(int capacity)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(capacity, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(capacity, 1_000_000);
        _values = new double[capacity];
        _front = new Part[capacity];
        _order = new OrderStatistics(capacity);
        _back = Part.Empty;
    }

    /// <summary>How many values it keeps at most.</summary>
    public int Capacity => _values.Length;

    /// <summary>How many values it has now.</summary>
    public int Count => _order.Count;

    /// <summary>The arithmetic mean; NaN without values.</summary>
    public double Mean => All().Spread.Mean;

    /// <summary>
    /// The sample variance, with the divisor n - 1; NaN for fewer than two values, and where a double cannot hold it.
    /// </summary>
    public double Variance => All().Spread.Variance;

    /// <summary>The square root of the sample variance; NaN for fewer than two values.</summary>
    public double StandardDeviation => All().Spread.StandardDeviation;

    /// <summary>The smallest value; NaN without values.</summary>
    public double Min => Count == 0 ? double.NaN : All().Min;

    /// <summary>The largest value; NaN without values.</summary>
    public double Max => Count == 0 ? double.NaN : All().Max;

    /// <summary>Takes a value in; the oldest one goes when there are as many as it keeps.</summary>
    /// <param name="value">A finite number.</param>
    /// <exception cref="ArgumentOutOfRangeException">The value is NaN or infinite.</exception>
    public void Add(double value)
    {
        StatisticsGuard.ThrowUnlessFinite(value);
        if (Count == Capacity)
        {
            _order.Remove(_values[_next]);
            DropOldest();
        }

        _order.Add(value);
        _values[_next] = value;
        _next = (_next + 1) % Capacity;
        _back.Add(value);
    }

    /// <summary>For people, on one line.</summary>
    public override string ToString() => Count == 0
        ? "no values"
        : string.Create(
            CultureInfo.InvariantCulture, $"{Count:N0} values, mean {Mean:G6}, from {Min:G6} to {Max:G6}");

    /// <summary>The value of rank ceil(percentile / 100 × n), counted from 1; NaN without values.</summary>
    /// <param name="percentile">
    /// 0 (the smallest), or 1 to 100. What lies between 0 and 1 is a quantile, and refused.
    /// </param>
    /// <exception cref="ArgumentOutOfRangeException">The percentile is out of its range.</exception>
    public double Percentile(double percentile)
    {
        OptionGuard.Percentile(percentile, nameof(percentile));
        return Count == 0 ? double.NaN : _order.Select((int)PercentileRank.Of(percentile, Count));
    }

    /// <summary>The median of the absolute differences from a centre; NaN without values.</summary>
    /// <param name="centre">The centre.</param>
    /// <param name="unit">What all values are multiplied by first: a power of two.</param>
    internal double MedianDeviationFrom(double centre, double unit = 1)
    {
        var count = Count;
        if (count == 0)
            return double.NaN;

        centre *= unit;

        // The closest values are consecutive in order: the run of half of them whose farther end is nearest.
        var needed = (count + 1) / 2;
        var (low, high) = (0, count - needed);
        while (low < high)
        {
            var middle = (low + high) / 2;
            if (centre - (_order.Select(middle) * unit) > (_order.Select(middle + needed) * unit) - centre)
                low = middle + 1;
            else
                high = middle;
        }

        return Math.Max(
            centre - (_order.Select(low) * unit), (_order.Select(low + needed - 1) * unit) - centre);
    }

    private Part All()
    {
        var all = _frontCount == 0 ? Part.Empty : _front[_frontCount - 1];
        all.Merge(in _back);
        return all;
    }

    /// <summary>Takes the oldest value off the front; when that is empty, the back is turned over to it.</summary>
    private void DropOldest()
    {
        if (_frontCount == 0)
        {
            var part = Part.Empty;
            for (var age = 0; age < Capacity; age++)
            {
                part.Add(_values[(_next - 1 - age + Capacity) % Capacity]);
                _front[age] = part;
            }

            _frontCount = Capacity;
            _back = Part.Empty;
        }

        _frontCount--;
    }

    private struct Part
    {
        public OnlineVariance Spread;
        public double Min;
        public double Max;

        public static Part Empty => new() { Min = double.PositiveInfinity, Max = double.NegativeInfinity };

        public void Add(double value)
        {
            Spread.Add(value);
            Min = Math.Min(Min, value);
            Max = Math.Max(Max, value);
        }

        public void Merge(in Part later)
        {
            Spread.Merge(in later.Spread);
            Min = Math.Min(Min, later.Min);
            Max = Math.Max(Max, later.Max);
        }
    }
}
