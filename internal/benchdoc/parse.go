package main

import (
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// measured is what the output of go test -bench says.
type measured struct {
	// config are the lines "key: value" before the benchmarks.
	config map[string]string
	// values are the figures by benchmark, without "Benchmark" and the number
	// of processors, and by unit.
	values map[string]map[string][]float64
	// skipped are the benchmarks that were skipped.
	skipped []string
}

var (
	benchLine  = regexp.MustCompile(`^Benchmark(\S+?)(?:-\d+)?\s+\d+\s+(.*)$`)
	configLine = regexp.MustCompile(`^([a-z]+): (.*)$`)
	skipLine   = regexp.MustCompile(`^--- SKIP: Benchmark(\S+?)(?:-\d+)?$`)
)

func parse(text []byte) measured {
	m := measured{config: map[string]string{}, values: map[string]map[string][]float64{}}
	for line := range strings.Lines(string(text)) {
		line = strings.TrimSpace(line)
		if b := benchLine.FindStringSubmatch(line); b != nil {
			m.add(b[1], strings.Fields(b[2]))
		} else if s := skipLine.FindStringSubmatch(line); s != nil {
			m.skipped = append(m.skipped, s[1])
		} else if c := configLine.FindStringSubmatch(line); c != nil {
			m.config[c[1]] = c[2]
		}
	}
	return m
}

// add takes pairs of a figure and its unit.
func (m measured) add(name string, fields []string) {
	for i := 0; i+1 < len(fields); i += 2 {
		v, err := strconv.ParseFloat(fields[i], 64)
		if err != nil {
			return
		}
		if m.values[name] == nil {
			m.values[name] = map[string][]float64{}
		}
		m.values[name][fields[i+1]] = append(m.values[name][fields[i+1]], v)
	}
}

// figure names one value of one benchmark.
type figure struct{ bench, unit string }

// get returns the median of a figure's repetitions.
func (m measured) get(f figure) (float64, bool) {
	vs := slices.Sorted(slices.Values(m.values[f.bench][f.unit]))
	if len(vs) == 0 {
		return 0, false
	}
	return vs[len(vs)/2], true
}
