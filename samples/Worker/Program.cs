using DisruptorStream.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Worker;

var builder = Host.CreateApplicationBuilder(new HostApplicationBuilderSettings
{
    Args = args,
    ContentRootPath = AppContext.BaseDirectory,
});
builder.Services.AddSingleton(Console.Out);
builder.Services.AddStreamProcessor<Measurement>("climate", b => b
    .Pipeline(measurements => measurements
        .KeyBy(one => one.Room)
        .EventTime(one => one.Time)
        .Measure("celsius", one => one.Celsius)
        .TumblingWindows(TimeSpan.FromMinutes(10))
        .Aggregate(a => a
            .Count("readings")
            .Average("mean", "celsius")
            .StandardDeviation("spread", "celsius")
            .Percentile("p95", 95, "celsius")
            .Max("highest", "celsius")))
    .To<ResultPrinter>()
    .BindConfiguration("Processors:climate"));
builder.Services.AddHostedService<MeasurementReplay>();
await builder.Build().RunAsync();
