using System.Text.Json;
using DisruptorStream.Watermarks;

namespace DisruptorStream.Tests.Watermarks;

/// <summary>The watermark vectors of the conformance sample, run against the tracker alone, in milliseconds.</summary>
public sealed class WatermarkVectorsTests
{
    [Fact]
    public void Tracker_EveryWatermarkVector_AgreesAfterEachStep()
    {
        var count = 0;
        foreach (var line in VectorPaths("dev.jsonl", "time_dev.jsonl").SelectMany(File.ReadLines))
        {
            using var document = JsonDocument.Parse(line);
            if (document.RootElement.GetProperty("type").GetString() != "watermark"
                || document.RootElement.TryGetProperty("jump_guard", out _))
            {
                continue;
            }

            new VectorRun(document.RootElement).Check();
            count++;
        }

        Assert.InRange(count, 33, int.MaxValue);
    }

    private static IEnumerable<string> VectorPaths(params IEnumerable<string> names)
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "DisruptorStream.sln")))
            folder = folder.Parent ?? throw new InvalidOperationException("No folder above holds DisruptorStream.sln.");
        var vectors = Path.Combine(folder.FullName, "tests", "DisruptorStream.Conformance", "vectors");
        return names.Select(name => Path.Combine(vectors, name));
    }

    private sealed class VectorRun
    {
        private readonly JsonElement _vector;
        private readonly List<string> _names = [];
        private readonly WatermarkTracker _tracker;
        private long _clock;

        public VectorRun(JsonElement vector)
        {
            _vector = vector;
            _tracker = new WatermarkTracker(
                OrNone(vector.GetProperty("max_out_of_orderness_ms")),
                OrNone(vector.GetProperty("idle_timeout_ms")),
                vector.TryGetProperty("quiet_after_ms", out var quiet) ? OrNone(quiet) : -1);
            foreach (var name in vector.GetProperty("sources").EnumerateArray())
                _tracker.Register(NumberOf(name), _clock);
        }

        public void Check()
        {
            var steps = _vector.GetProperty("steps").EnumerateArray().ToList();
            for (var index = 0; index < steps.Count; index++)
            {
                Apply(steps[index].EnumerateObject().Single());
                foreach (var expected in _vector.GetProperty("expect").EnumerateArray())
                {
                    if (expected.GetProperty("after_step").GetInt32() == index)
                        CheckState(expected, $"{_vector.GetProperty("id")} after step {index}");
                }
            }
        }

        private static long OrNone(JsonElement number) =>
            number.ValueKind == JsonValueKind.Null ? -1 : number.GetInt64();

        private int NumberOf(JsonElement name)
        {
            var text = name.GetString()!;
            if (!_names.Contains(text))
                _names.Add(text);
            return _names.IndexOf(text);
        }

        private void Apply(JsonProperty step)
        {
            switch (step.Name)
            {
                case "event":
                    var sender = NumberOf(step.Value.GetProperty("source"));
                    _tracker.OnEvents(sender, step.Value.GetProperty("ts_ms").GetInt64(), _clock);
                    break;
                case "source_watermark":
                    var source = NumberOf(step.Value.GetProperty("source"));
                    _tracker.OnWatermark(source, step.Value.GetProperty("watermark_ms").GetInt64(), _clock);
                    break;
                case "source_idle": _tracker.MarkIdle(NumberOf(step.Value)); break;
                case "source_active": _tracker.MarkActive(NumberOf(step.Value), _clock); break;
                case "source_done": _tracker.Complete(NumberOf(step.Value)); break;
                case "source_added": _tracker.Register(NumberOf(step.Value), _clock); break;
                case "source_removed": _tracker.Remove(NumberOf(step.Value)); break;
                case "processing_time_ms":
                    var before = _clock;
                    _clock = step.Value.GetInt64();
                    _tracker.OnClock(_clock);
                    _tracker.OnQuiet(_clock - before);
                    break;
                default: throw new InvalidOperationException($"Step {step.Name} is unknown.");
            }

            _tracker.OnQuiet(0);
        }

        private void CheckState(JsonElement expected, string where)
        {
            var watermark = expected.GetProperty("watermark_ms");
            var expectedTicks = watermark.ValueKind == JsonValueKind.Null ? long.MinValue : watermark.GetInt64();
            var actualTicks = _tracker.WatermarkTicks;
            Assert.True(expectedTicks == actualTicks, $"{where}: {actualTicks}, not {expectedTicks}.");
            if (!expected.TryGetProperty("idle_sources", out var idle))
                return;

            var idleNames = _names.Where((_, source) => _tracker.IsIdle(source)).Order(StringComparer.Ordinal);
            var expectedNames = idle.EnumerateArray().Select(name => name.GetString()!).Order(StringComparer.Ordinal);
            Assert.Equal(expectedNames, idleNames);
        }
    }
}
