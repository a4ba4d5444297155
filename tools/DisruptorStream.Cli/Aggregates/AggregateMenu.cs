using System.Globalization;
using DisruptorStream.Aggregation;
using DisruptorStream.Cli.Aggregates.Exact;
using DisruptorStream.Expressions;
using DisruptorStream.Messages;
using Entry = (string Usage, System.Func<
    DisruptorStream.Cli.Aggregates.AggregateCall, DisruptorStream.Cli.Aggregates.AggregateColumn> Bind);

namespace DisruptorStream.Cli.Aggregates;

/// <summary>The aggregates that a job can ask for, and what their arguments mean.</summary>
internal static class AggregateMenu
{
    private static readonly Dictionary<string, Entry> Functions = new(StringComparer.Ordinal)
    {
        ["count"] = ("count", BindCount),
        ["rate"] = ("rate", call => Whole(call, "rate", (a, name) => a.Rate(name))),
        ["sum"] = ("sum(COLUMN, mode=plain|compensated|exact)", call => Added(call, (a, n, c, m) => a.Sum(n, c, m))),
        ["avg"] = (
            "avg(COLUMN, mode=plain|compensated|exact)", call => Added(call, (a, n, c, m) => a.Average(n, c, m))),
        ["min"] = ("min(COLUMN)", call => Exact<Smallest>(call, (a, n, c) => a.Min(n, c))),
        ["max"] = ("max(COLUMN)", call => Exact<Largest>(call, (a, n, c) => a.Max(n, c))),
        ["range"] = ("range(COLUMN)", call => Plain(call, (a, n, c) => a.Range(n, c))),
        ["sum_sq"] = ("sum_sq(COLUMN)", call => Plain(call, (a, n, c) => a.SumOfSquares(n, c))),
        ["var"] = ("var(COLUMN)", call => Plain(call, (a, n, c) => a.Variance(n, c))),
        ["var_pop"] = ("var_pop(COLUMN)", call => Plain(call, (a, n, c) => a.PopulationVariance(n, c))),
        ["stddev"] = ("stddev(COLUMN)", call => Plain(call, (a, n, c) => a.StandardDeviation(n, c))),
        ["stddev_pop"] = ("stddev_pop(COLUMN)", call => Plain(call, (a, n, c) => a.PopulationStandardDeviation(n, c))),
        ["skewness"] = ("skewness(COLUMN)", call => Plain(call, (a, n, c) => a.Skewness(n, c))),
        ["kurtosis"] = ("kurtosis(COLUMN)", call => Plain(call, (a, n, c) => a.Kurtosis(n, c))),
        ["first"] = ("first(COLUMN)", call => Exact<Earliest>(call, (a, n, c) => a.First(n, c))),
        ["last"] = ("last(COLUMN)", call => Exact<Latest>(call, (a, n, c) => a.Last(n, c))),
        ["zscore"] = ("zscore(COLUMN)", call => Plain(call, (a, n, c) => a.ZScore(n, c))),
        ["ema"] = ("ema(COLUMN, span=N) or ema(COLUMN, alpha=A)", BindMovingAverage),
        ["wavg"] = ("wavg(COLUMN, WEIGHT)", BindWeightedAverage),
        ["arg_min"] = (
            "arg_min(SHOWN, COMPARED)", call => AtExtreme(call, (a, n, c, b) => a.ArgMin(n, c, b))),
        ["arg_max"] = (
            "arg_max(SHOWN, COMPARED)", call => AtExtreme(call, (a, n, c, b) => a.ArgMax(n, c, b))),
        ["median"] = ("median(COLUMN, error=E) or median(COLUMN, exact=N)", call => Percentile(call, 50)),
        ["distinct"] = ("distinct(COLUMN, weight=COLUMN, precision=7..16)", BindDistinct),
        ["top"] = ("top(N, COLUMN, weight=COLUMN, capacity=C)", BindTop),
        ["histogram"] = ("histogram(COLUMN, BOUND, BOUND, ...)", BindHistogram),
    };

    // What the same thing is called elsewhere, and no typing error leads to.
    private static readonly Dictionary<string, string> Synonyms = new(StringComparer.Ordinal)
    {
        ["mean"] = "avg",
        ["average"] = "avg",
        ["total"] = "sum",
        ["minimum"] = "min",
        ["maximum"] = "max",
        ["std"] = "stddev",
        ["sd"] = "stddev",
        ["stdev"] = "stddev",
        ["variance"] = "var",
        ["percentile"] = "p95",
        ["quantile"] = "p95",
        ["unique"] = "distinct",
        ["nunique"] = "distinct",
        ["count_distinct"] = "distinct",
        ["approx_distinct"] = "distinct",
        ["topk"] = "top",
        ["mode"] = "top",
        ["ewma"] = "ema",
        ["tps"] = "rate",
        ["qps"] = "rate",
    };

    /// <summary>The beginnings of all, as completion offers them: those with arguments end in a parenthesis.</summary>
    public static IEnumerable<string> Beginnings =>
    [
        .. Functions.Select(function => function.Value.Usage == function.Key ? function.Key : $"{function.Key}("),
        "p50(",
        "p90(",
        "p95(",
        "p99(",
        "p99.9(",
    ];

    /// <summary>How each is written, for help.</summary>
    public static IEnumerable<string> Usages =>
        [.. Functions.Values.Select(function => function.Usage), "pN(COLUMN, error=E) or pN(COLUMN, exact=N)"];

    /// <summary>Whether there is such an aggregate.</summary>
    public static bool Contains(string name) =>
        Functions.ContainsKey(name.ToLowerInvariant()) || TryPercentile(name.ToLowerInvariant(), out _);

    /// <exception cref="FormatException">There is no such aggregate, or its arguments are wrong.</exception>
    public static AggregateColumn Bind(AggregateCall call)
    {
        if (call.Expression is not null)
            return BindExpression(call, call.Expression);
        if (TryPercentile(call.Name, out var percentile))
        {
            var name = NearestPercentile(call.Name, percentile);
            call.Usage = $"{name}(COLUMN, error=E) or {name}(COLUMN, exact=N)";
            return Percentile(call, percentile);
        }

        if (Functions.TryGetValue(call.Name, out var function))
        {
            call.Usage = function.Usage;
            return function.Bind(call);
        }

        throw new ExpressionException(
            string.Create(
                CultureInfo.InvariantCulture,
                $"There is no aggregate '{call.Name}' (at character {call.Position}, in '{call.Text}'); ")
            + (Synonyms.TryGetValue(call.Name, out var known)
                ? $"did you mean '{known}'?"
                : NearestWord.Hint(call.Name, [.. Functions.Keys, "p50", "p95", "p99"])),
            call.Position - 1,
            call.Name.Length);
    }

    private static bool TryPercentile(string name, out double percentile)
    {
        percentile = 0;
        return name is ['p', >= '0' and <= '9', ..]
            && double.TryParse(
                name.AsSpan(1), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out percentile);
    }

    /// <summary>The name itself where it is a percentile; else the one that is meant, or an example.</summary>
    private static string NearestPercentile(string name, double percentile) => percentile switch
    {
        0 or (>= 1 and <= 100) => name,
        < 1 => string.Create(CultureInfo.InvariantCulture, $"p{percentile * 100:0.####}"),
        _ => "p95",
    };

    private static AggregateColumn BindExpression(AggregateCall call, string expression)
    {
        call.Usage = "EXPRESSION as NAME, such as: errors / count as error_rate";
        var output = call.Alias ?? throw call.Error("is an expression, and lacks its name");
        return new AggregateColumn([output], [], a => a.Expression(output, expression));
    }

    private static AggregateColumn BindCount(AggregateCall call)
    {
        if (call.HasPositional && call.Next("column") is { Text: not "*" } column)
            throw call.Error($"counts the column '{column.Text}'; events are counted whole", column);
        return Whole(call, "count", (a, name) => a.Count(name));
    }

    private static AggregateColumn Whole(
        AggregateCall call, string name, Func<AggregateBuilder, string, AggregateBuilder> ask)
    {
        call.ThrowIfUnused();
        var output = call.Alias ?? name;
        return new AggregateColumn([output], [], a => ask(a, output));
    }

    private static AggregateColumn Plain(
        AggregateCall call, Func<AggregateBuilder, string, string, AggregateBuilder> ask)
    {
        var column = call.Column();
        call.ThrowIfUnused();
        return Numeric(call, column, ask);
    }

    private static AggregateColumn Added(
        AggregateCall call, Func<AggregateBuilder, string, string, SumMode, AggregateBuilder> ask)
    {
        var column = call.Column();
        var word = call.Word("mode", "plain", "compensated", "exact") ?? "plain";
        call.ThrowIfUnused("mode");
        var mode = Enum.Parse<SumMode>(word, ignoreCase: true);
        return Numeric(call, column, (a, name, c) => ask(a, name, c, mode));
    }

    /// <summary>A value of the column, of which the digits are kept as well.</summary>
    private static AggregateColumn Exact<TChoice>(
        AggregateCall call, Func<AggregateBuilder, string, string, AggregateBuilder> ask)
        where TChoice : struct, IExactChoice
    {
        var column = call.Column();
        call.ThrowIfUnused();
        var (number, integer) = (Read(column, MeasureKind.Number), Read(column, MeasureKind.Integer));
        var output = call.Alias ?? $"{call.Name}_{column}";
        return new AggregateColumn([output], [number, integer], a => ask(a, output, number.EngineName))
        {
            AddDigitsTo = (a, name) => a.Custom<ExactAggregate<TChoice>, ExactState>(name, integer.EngineName),
        };
    }

    private static AggregateColumn BindWeightedAverage(AggregateCall call)
    {
        var column = Read(call.Column(), MeasureKind.Number);
        var weight = Read(call.Column("weight"), MeasureKind.Number);
        call.ThrowIfUnused();
        var output = call.Alias ?? $"{call.Name}_{column.Name}_{weight.Name}";
        return new AggregateColumn(
            [output], [column, weight], a => a.WeightedAverage(output, column.EngineName, weight.EngineName));
    }

    private static AggregateColumn AtExtreme(
        AggregateCall call, Func<AggregateBuilder, string, string, string, AggregateBuilder> ask)
    {
        var column = Read(call.Column(), MeasureKind.Shown);
        var by = Read(call.Column("compared column"), MeasureKind.Number);
        call.ThrowIfUnused();
        var output = call.Alias ?? $"{call.Name}_{column.Name}_{by.Name}";
        return new AggregateColumn([output], [column, by], a => ask(a, output, column.EngineName, by.EngineName))
        {
            IsShown = true,
        };
    }

    private static AggregateColumn BindMovingAverage(AggregateCall call)
    {
        var column = call.Column();
        var (span, alpha) = (call.Option("span"), call.Option("alpha"));
        call.ThrowIfUnused("span", "alpha");
        if (span is null == alpha is null)
            throw call.Error("needs either a span or an alpha");
        if (span is < 1)
            throw call.Error($"has the span {span}, and 1 is the least");
        var weight = alpha ?? (2 / (span!.Value + 1));
        return weight is > 0 and <= 1
            ? Numeric(call, column, (a, name, c) => a.MovingAverage(name, weight, c))
            : throw call.Error("has an alpha that is not above 0 and at most 1");
    }

    private static AggregateColumn Percentile(AggregateCall call, double percentile)
    {
        var column = call.Column();
        var (error, exact) = (call.Option("error"), call.Option("exact"));
        call.ThrowIfUnused("error", "exact");
        if (percentile is not (0 or (>= 1 and <= 100)))
        {
            throw call.Error(percentile > 100
                ? "is not a percentile: they are p0 to p100"
                : "is not a percentile: they are p0, and p1 to p100; did you mean "
                    + $"{NearestPercentile(call.Name, percentile)}?");
        }

        if (error is not null && exact is not null)
            throw call.Error("cannot be both exact and within an error");
        if (error is not (null or (>= 0.0001 and <= 0.5)))
            throw call.Error("has an error that is not 0.0001 to 0.5");
        if (exact is not (null or (>= 1 and <= 32_768)) || (exact is { } most && most != Math.Floor(most)))
            throw call.Error("keeps 1 to 32768 values at most to be exact");
        var mode = exact is { } values ? PercentileMode.ExactUpTo((int)values)
            : error is { } within ? PercentileMode.Sketch(within)
            : PercentileMode.Default;
        return Numeric(call, column, (a, name, c) => a.Percentile(name, percentile, c, mode));
    }

    private static AggregateColumn BindDistinct(AggregateCall call)
    {
        var column = call.Column();
        var weight = call.ColumnOption("weight");
        var precision = call.Option("precision") ?? (weight is null ? 12 : 14);
        call.ThrowIfUnused("weight", "precision");
        if (precision is not (>= 7 and <= 16) || precision != Math.Floor(precision))
            throw call.Error("has a precision that is not 7 to 16");
        var text = Read(column, MeasureKind.Text);
        if (weight is not null)
        {
            var (weighed, number) = (call.Alias ?? $"distinct_{column}_{weight}", Read(weight, MeasureKind.Number));
            return new AggregateColumn(
                [weighed],
                [text, number],
                a => a.Distinct(weighed, text.EngineName, number.EngineName, (int)precision));
        }

        var output = call.Alias ?? $"distinct_{column}";
        return new AggregateColumn([output], [text], a => a.Distinct(output, text.EngineName, (int)precision));
    }

    private static AggregateColumn BindTop(AggregateCall call)
    {
        var count = call.Number("number of values");
        var column = call.Column();
        var (weight, capacity) = (call.ColumnOption("weight"), call.Option("capacity"));
        call.ThrowIfUnused("weight", "capacity");
        if (count is not (>= 1 and <= 100) || count != Math.Floor(count))
            throw call.Error("shows 1 to 100 values");
        if (capacity is { } counters && (!(counters >= count && counters <= 4096) || counters != Math.Floor(counters)))
            throw call.Error($"has a capacity that is not {count} to 4096");
        var output = call.Alias ?? (weight is null ? $"top_{column}" : $"top_{column}_{weight}");
        var sum = weight is null ? "count" : "weight";
        string[] names = [.. Enumerable.Range(1, (int)count).SelectMany(
            rank => new[] { $"{output}_{rank}", $"{output}_{rank}_{sum}", $"{output}_{rank}_error" })];
        var text = Read(column, MeasureKind.Text) with { KeepsText = true };
        if (weight is not null)
        {
            var number = Read(weight, MeasureKind.Number);
            return new AggregateColumn(
                names,
                [text, number],
                a => a.Top(output, (int)count, text.EngineName, number.EngineName, (int?)capacity));
        }

        return new AggregateColumn(names, [text], a => a.Top(output, (int)count, text.EngineName, (int?)capacity));
    }

    private static AggregateColumn BindHistogram(AggregateCall call)
    {
        var column = call.Column();
        var bounds = new List<double> { call.Number("bounds") };
        while (call.HasPositional)
        {
            var next = call.Number("bounds");
            if (!(next > bounds[^1]))
                throw call.Error($"has the bound {next} after {bounds[^1]}; bounds ascend");
            bounds.Add(next);
        }

        call.ThrowIfUnused();
        if (bounds.Count > 200 || !bounds.TrueForAll(double.IsFinite))
            throw call.Error("has 1 to 200 finite bounds");
        var output = call.Alias ?? $"histogram_{column}";
        string[] names =
        [
            .. bounds.Select(bound => string.Create(CultureInfo.InvariantCulture, $"{output}_le_{bound}")),
            string.Create(CultureInfo.InvariantCulture, $"{output}_gt_{bounds[^1]}"),
        ];
        var number = Read(column, MeasureKind.Number);
        return new AggregateColumn(names, [number], a => a.Histogram(output, bounds, number.EngineName));
    }

    private static AggregateColumn Numeric(
        AggregateCall call, string column, Func<AggregateBuilder, string, string, AggregateBuilder> ask)
    {
        var number = Read(column, MeasureKind.Number);
        var output = call.Alias ?? $"{call.Name}_{column}";
        return new AggregateColumn([output], [number], a => ask(a, output, number.EngineName));
    }

    private static InputMeasure Read(string column, MeasureKind kind) => new(column, kind);
}
