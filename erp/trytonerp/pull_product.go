package trytonerp

import (
	"context"
	"encoding/json"
	"maps"
	"slices"
	"strings"

	"github.com/comptoir-go/comptoir/erp"
)

// Articles are Tryton's variants. What several have in common is their
// template's, so that a change of it is one of each of them; they are read by
// templates.

// variant is an article as Tryton has it.
type variant struct {
	ID       int64
	Code     string
	Name     string
	Text     string `json:"description"`
	Active   flag
	Salable  flag
	Unit     *int64 `json:"sale_uom"`
	Own      int64  `json:"default_uom"`
	Kind     string `json:"type"`
	Price    exact  `json:"list_price"`
	Template struct {
		ID     int64
		Code   string
		Active flag
		stamps
	} `json:"template."`
	stamps
}

var variantFields = append([]string{"code", "name", "description", "active", "salable", "sale_uom", "default_uom", "type", "list_price", "template.code", "template.active",
	"template.create_date", "template.write_date"}, stampFields...)

// flag is a boolean, which read through another record some databases answer as
// a number.
type flag bool

func (f *flag) UnmarshalJSON(b []byte) error {
	switch string(b) {
	case "true", "1":
		*f = true
	case "false", "0", "null":
		*f = false
	default:
		return json.Unmarshal(b, (*bool)(f))
	}
	return nil
}

func (v variant) at() int64 { return max(v.stamps.at(), v.Template.at()) }

func (v variant) sold() bool { return bool(v.Active && v.Template.Active && v.Salable) }

// productSources are where articles change.
var productSources = []source{
	{model: "product.template"},
	{model: "product.product", subject: "template", of: "product.template"},
}

// PullProducts implements erp.ProductPuller: all articles that have a code; one
// that is no longer sold is not active. Names are in the languages that Tryton
// is translated to. Raw has the code of the template, what the article is
// (goods, service, assets), its description and its list price.
func (a *Adapter) PullProducts(ctx context.Context, after erp.Cursor, limit int) (erp.Page[erp.Product], error) {
	return pullOf(ctx, a, a.productFeed, erp.OpPullProducts, after, limit)
}

func (a *Adapter) productFeed(_ context.Context, op erp.Op) (feed[erp.Product], error) {
	return feed[erp.Product]{op: op, spare: spareChanges, several: true, head: func(r *erp.Product) *erp.Head { return &r.Head }, sources: productSources,
		read: func(ctx context.Context, subjects []subject) (map[subject]read[erp.Product], error) {
			return a.readProducts(ctx, op, idsOf(subjects))
		}}, nil
}

// variants are the articles of templates that have a code.
func (a *Adapter) variants(ctx context.Context, op erp.Op, templates []int64) (all []variant, err error) {
	domain := []any{[]any{"template", "in", templates}, []any{"code", "!=", nil}, []any{"code", "!=", ""}}
	return all, a.allRead(ctx, op, "product.product", domain, variantFields, 0, byID, &all)
}

func (a *Adapter) readProducts(ctx context.Context, op erp.Op, templates []int64) (map[subject]read[erp.Product], error) {
	all, err := a.variants(ctx, op, templates)
	if err != nil {
		return nil, err
	}
	names, err := a.namesOf(ctx, op, all)
	if err != nil {
		return nil, err
	}
	units, err := a.units(ctx, op)
	if err != nil {
		return nil, err
	}
	docs := map[subject]read[erp.Product]{}
	for _, v := range all {
		of := subject{"product.template", v.Template.ID}
		p := erp.Product{Head: erp.Head{ID: idText(v.ID)}, SKU: v.Code, Names: names[v.ID], Active: v.sold()}
		if v.Unit != nil {
			p.Unit = a.unitCode(units, *v.Unit)
		}
		p.Raw, err = json.Marshal(struct {
			Template    string `json:"template,omitempty"`
			Type        string `json:"type"`
			Description string `json:"description,omitempty"`
			ListPrice   string `json:"list_price"`
		}{v.Template.Code, v.Kind, v.Text, text(v.Price.Decimal)})
		if err != nil {
			return nil, erp.NewError(erp.Contract, op, "", err)
		}
		d := docs[of]
		docs[of] = read[erp.Product]{max(d.at, v.at()), append(d.rows, p)}
	}
	return docs, nil
}

// namesOf are the articles' names by language: "" is the one that we speak to
// Tryton, which stands for each that it has no translation of.
func (a *Adapter) namesOf(ctx context.Context, op erp.Op, all []variant) (map[int64]map[string]string, error) {
	langs, err := a.languages(ctx, op)
	if err != nil {
		return nil, err
	}
	names, ids := map[int64]map[string]string{}, make([]int64, len(all))
	for i, v := range all {
		ids[i], names[v.ID] = v.ID, map[string]string{"": v.Name}
	}
	for _, tag := range slices.Sorted(maps.Keys(langs)) {
		var rows []struct {
			ID   int64
			Name string
		}
		r := searching(op, "product.product", "search_read", []any{[]any{"id", "in", ids}}, 0, 0, byID, []string{"name"})
		r.context = map[string]any{"language": langs[tag], "active_test": false}
		if err := a.call(ctx, r, &rows); err != nil {
			return nil, err
		}
		for _, row := range rows {
			if of := names[row.ID]; of != nil && row.Name != "" {
				of[tag] = row.Name
			}
		}
	}
	return names, nil
}

// languages are Tryton's codes of the languages that it is translated to, by
// BCP 47 tag.
func (a *Adapter) languages(ctx context.Context, op erp.Op) (map[string]string, error) {
	if all, ok := known[map[string]string](a.books, "languages"); ok {
		return all, nil
	}
	var rows []struct{ Code string }
	if err := a.searchRead(ctx, op, "ir.lang", []any{[]any{"translatable", "=", true}}, []string{"code"}, 0, 0, byID, &rows); err != nil {
		return nil, err
	}
	all := map[string]string{}
	for _, r := range rows {
		all[strings.ReplaceAll(r.Code, "_", "-")] = r.Code
	}
	a.books.note("languages", all)
	return all, nil
}
