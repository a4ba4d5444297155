using System.Globalization;
using DisruptorStream.Aggregation;

namespace DisruptorStream.Testing;

/// <summary>Checks the laws that the engine relies on, for an aggregate of your own.</summary>
public static class AggregateLaws
{
    private const double Smallest = 1e-300;

    /// <summary>
    /// Tries random streams of events, cut into parts, and throws at the first law that does not hold.
    /// </summary>
    /// <typeparam name="TAggregate">The aggregate.</typeparam>
    /// <typeparam name="TState">Its state.</typeparam>
    /// <param name="options">What is tried; null for the defaults.</param>
    /// <remarks>
    /// <para>Identity: merging with the initial state, on either side, changes no bit of the result. Merge: merged
    /// parts give what their events give in one. Associativity: parts may be merged in any grouping. Purity: the same
    /// events give the same bits, and a copy of a state goes its own way, as the engine copies states with their
    /// bytes. Commutativity, where it is claimed: order does not matter.</para>
    /// <para>Each takes microseconds; the whole some milliseconds. What the aggregate throws is thrown on.</para>
    /// </remarks>
    /// <exception cref="AggregateLawException">A law does not hold; the message shows with which events.</exception>
    public static void Check<TAggregate, TState>(AggregateLawOptions? options = null)
        where TAggregate : struct, IAggregate<TState>
        where TState : unmanaged
    {
        var settings = options ?? new AggregateLawOptions();
        var random = new Random(settings.Seed);
        for (var run = 0; run < settings.Cases; run++)
        {
            var parts = new Measurement[3][];
            var sequence = 0L;
            for (var part = 0; part < parts.Length; part++)
                parts[part] = Events(random, settings, ref sequence);
            new Case<TAggregate, TState>(parts, settings).Check();
        }
    }

    private static Measurement[] Events(Random random, AggregateLawOptions settings, ref long sequence)
    {
        var events = new Measurement[random.Next(settings.MaxEvents + 1)];
        for (var index = 0; index < events.Length; index++)
        {
            var bits = BitConverter.DoubleToInt64Bits(settings.Values(random));
            events[index] = new Measurement(bits, sequence / 2, sequence++);
        }

        return events;
    }

    /// <summary>One stream in three parts.</summary>
    private sealed class Case<TAggregate, TState>
        where TAggregate : struct, IAggregate<TState>
        where TState : unmanaged
    {
        private readonly Measurement[][] _parts;
        private readonly AggregateLawOptions _settings;

        public Case(Measurement[][] parts, AggregateLawOptions settings)
        {
            _parts = parts;
            _settings = settings;
        }

        public void Check()
        {
            var (a, b, c) = (Fold(_parts[0]), Fold(_parts[1]), Fold(_parts[2]));
            foreach (var state in new[] { a, b, c })
            {
                Require("identity", "merged into the initial state", Merged(TAggregate.Initial, state), state, 0);
                Require("identity", "with the initial state merged in", Merged(state, TAggregate.Initial), state, 0);
            }

            Require("purity", "the same events again", Fold(_parts[0]), a, 0);
            var copy = a;
            foreach (var one in _parts[1])
                TAggregate.Accumulate(ref copy, in one);
            Require("purity", "after a copy of the state took more events", a, Fold(_parts[0]), 0);
            var tolerance = _settings.RelativeTolerance;
            Require("merge", "merged parts", Merged(a, b), Fold([.. _parts[0], .. _parts[1]]), tolerance);
            Require("associativity", "(a b) c", Merged(Merged(a, b), c), Merged(a, Merged(b, c)), tolerance);
            if (!_settings.IsCommutative)
                return;

            Require("commutativity", "b a", Merged(b, a), Merged(a, b), tolerance);
            Measurement[] all = [.. _parts[0], .. _parts[1], .. _parts[2]];
            var expected = Fold(all);
            Array.Reverse(all);
            Require("commutativity", "the events backwards", Fold(all), expected, tolerance);
        }

        private static TState Fold(Measurement[] events)
        {
            var state = TAggregate.Initial;
            foreach (var one in events)
                TAggregate.Accumulate(ref state, in one);
            return state;
        }

        private static TState Merged(TState into, TState later)
        {
            TAggregate.Merge(ref into, in later);
            return into;
        }

        private static bool AreClose(double left, double right, double tolerance) => tolerance == 0
            ? BitConverter.DoubleToInt64Bits(left) == BitConverter.DoubleToInt64Bits(right)
            : left.Equals(right)
                || Math.Abs(left - right) <= Math.Max(Smallest, tolerance * Math.Max(Math.Abs(left), Math.Abs(right)));

        private void Require(string law, string what, TState actual, TState expected, double tolerance)
        {
            var (got, wanted) = (TAggregate.Result(in actual), TAggregate.Result(in expected));
            if (AreClose(got, wanted, tolerance))
                return;

            var events = string.Join(" | ", Array.ConvertAll(_parts, part => string.Join(
                ", ", Array.ConvertAll(part, one => one.Value.ToString("R", CultureInfo.InvariantCulture)))));
            throw new AggregateLawException(law, string.Create(
                CultureInfo.InvariantCulture,
                $"{typeof(TAggregate).Name} breaks {law}: {what} gives {got:R}, not {wanted:R}, ")
                + $"with the values {events}.");
        }
    }
}
