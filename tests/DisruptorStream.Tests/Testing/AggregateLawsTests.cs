using DisruptorStream.Aggregation;
using DisruptorStream.Testing;

namespace DisruptorStream.Tests.Testing;

public sealed class AggregateLawsTests
{
    [Fact]
    public void Check_LawfulAggregate_Passes() =>
        AggregateLaws.Check<Largest, double>(new AggregateLawOptions { IsCommutative = true });

    [Fact]
    public void Check_OrderedAggregate_PassesUnlessItClaimsToCommute()
    {
        AggregateLaws.Check<Newest, Newest.State>();
        var broken = Assert.Throws<AggregateLawException>(() => AggregateLaws.Check<Newest, Newest.State>(
            new AggregateLawOptions { IsCommutative = true }));
        Assert.Equal("commutativity", broken.Law);
    }

    [Fact]
    public void Check_InitialStateThatCounts_BreaksIdentity() => AssertBreaks<Offset, double>("identity");

    [Fact]
    public void Check_MergeThatForgets_BreaksMerge() => AssertBreaks<Forgetful, double>("merge");

    [Fact]
    public void Check_HiddenState_BreaksPurity() => AssertBreaks<Impure, double>("purity");

    [Fact]
    public void Check_AverageOfAverages_BreaksMerge()
    {
        var broken = Assert.Throws<AggregateLawException>(() => AggregateLaws.Check<Midpoint, Midpoint.State>());
        Assert.Contains("Midpoint breaks", broken.Message, StringComparison.Ordinal);
        Assert.Contains("with the values", broken.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Check_AggregateThatThrows_ThrowsOn() => Assert.Throws<InvalidOperationException>(
        () => AggregateLaws.Check<Throwing, double>());

    [Fact]
    public void Options_OutOfRange_AreRefused()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => new AggregateLawOptions { Cases = 0 });
        Assert.Throws<ArgumentOutOfRangeException>(() => new AggregateLawOptions { MaxEvents = 0 });
        Assert.Throws<ArgumentOutOfRangeException>(() => new AggregateLawOptions { RelativeTolerance = -1 });
    }

    private static void AssertBreaks<TAggregate, TState>(string law)
        where TAggregate : struct, IAggregate<TState>
        where TState : unmanaged =>
        Assert.Equal(law, Assert.Throws<AggregateLawException>(() => AggregateLaws.Check<TAggregate, TState>()).Law);

    private readonly struct Largest : IAggregate<double>
    {
        public static double Initial => double.NegativeInfinity;

        public static void Accumulate(ref double state, in Measurement measurement) =>
            state = Math.Max(state, measurement.Value);

        public static void Merge(ref double state, in double later) => state = Math.Max(state, later);

        public static double Result(in double state) => state;
    }

    private readonly struct Newest : IAggregate<Newest.State>
    {
        public static State Initial => default;

        public static void Accumulate(ref State state, in Measurement measurement) =>
            state = new State { Value = measurement.Value, Any = 1 };

        public static void Merge(ref State state, in State later) => state = later.Any == 0 ? state : later;

        public static double Result(in State state) => state.Value;

        internal struct State
        {
            public double Value;
            public long Any;
        }
    }

    private readonly struct Offset : IAggregate<double>
    {
        public static double Initial => 1;

        public static void Accumulate(ref double state, in Measurement measurement) => state += 1;

        public static void Merge(ref double state, in double later) => state += later;

        public static double Result(in double state) => state;
    }

    private readonly struct Forgetful : IAggregate<double>
    {
        public static double Initial => 0;

        public static void Accumulate(ref double state, in Measurement measurement) => state += 1;

        public static void Merge(ref double state, in double later) => state = later == 0 ? state : later;

        public static double Result(in double state) => state;
    }

    private readonly struct Impure : IAggregate<double>
    {
        private static double _calls;

        public static double Initial => 0;

        public static void Accumulate(ref double state, in Measurement measurement) => state += ++_calls;

        public static void Merge(ref double state, in double later) => state += later;

        public static double Result(in double state) => state;
    }

    private readonly struct Midpoint : IAggregate<Midpoint.State>
    {
        public static State Initial => default;

        public static void Accumulate(ref State state, in Measurement measurement) => Merge(
            ref state, new State { Mean = measurement.Value, Any = 1 });

        public static void Merge(ref State state, in State later)
        {
            if (later.Any == 0)
                return;
            state = state.Any == 0 ? later : new State { Mean = (state.Mean + later.Mean) / 2, Any = 1 };
        }

        public static double Result(in State state) => state.Mean;

        internal struct State
        {
            public double Mean;
            public long Any;
        }
    }

    private readonly struct Throwing : IAggregate<double>
    {
        public static double Initial => 0;

        public static void Accumulate(ref double state, in Measurement measurement) =>
            throw new InvalidOperationException("no");

        public static void Merge(ref double state, in double later) => state += later;

        public static double Result(in double state) => state;
    }
}
